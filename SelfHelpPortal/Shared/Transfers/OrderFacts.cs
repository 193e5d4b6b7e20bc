using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>What an owner has to know of an order before he confirms it, beside what the order itself says.</summary>
/// <param name="AddressOnFile">Where the license file goes.</param>
/// <param name="IsElsewhere">Whoever ordered has another address than the one on file.</param>
/// <param name="IsNothingToMove">No computer uses the licenses: activating them is all there is to do.</param>
public sealed record OrderFacts(IReadOnlyList<OrderedMove> Moves, string AddressOnFile, bool IsElsewhere, bool IsNothingToMove)
{
    public IReadOnlyList<string> Licenses => [.. Moves.Select(m => m.LicenseNumber)];

    /// <summary>Of a request whose licenses are known.</summary>
    internal static async Task<OrderFacts> ReadAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken)
    {
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == request.CustomerId, cancellationToken);
        var moves = new List<OrderedMove>();
        foreach (var item in request.Items)
        {
            var license = await db.Licenses.AsNoTracking().Where(l => l.Id == item.LicenseId).Select(l => new { l.Number, l.Serial })
                .SingleAsync(cancellationToken);
            moves.Add(new OrderedMove(
                license.Number, license.Serial, await OldComputer.FindAsync(db, item.ActivationId, cancellationToken),
                item.NewPcName, item.NewHardware.ToString().Split('-')[^1]));
        }

        return new OrderFacts(
            moves, customer.Email, LicenseDelivery.IsElsewhere(request, customer),
            await FreeLicenses.AreAllAsync(db, request.Items.Select(i => i.LicenseId), cancellationToken));
    }
}

/// <param name="Old">Null when it is not known which of several computers is meant.</param>
/// <param name="NewPcName">As whoever ordered calls it.</param>
/// <param name="NewCodeEnd">The last group of its hardware code.</param>
public sealed record OrderedMove(string LicenseNumber, string? Serial, OldComputer? Old, string? NewPcName, string NewCodeEnd);

public sealed record OldComputer(string? Name, DateTimeOffset LastUsed)
{
    internal static async Task<OldComputer?> FindAsync(PortalDbContext db, Guid? activation, CancellationToken cancellationToken)
    {
        var old = await (
            from a in db.Activations
            where a.Id == activation
            select new
            {
                a.PcName,
                a.ActivatedAt,
                SeenAt = db.ActivationsSeen.Where(s => s.ActivationId == a.Id).Select(s => (DateTimeOffset?)s.SeenAt).FirstOrDefault(),
            }).SingleOrDefaultAsync(cancellationToken);
        return old is null ? null : new OldComputer(old.PcName, old.SeenAt ?? old.ActivatedAt);
    }
}

/// <summary>What an owner says with his agreement.</summary>
/// <param name="OrdererGetsLicense">The second tick: whoever ordered may have a copy of the license file.</param>
/// <param name="LastFive">Of the key; asked for where something goes to another address and nobody is signed in as the owner.</param>
public sealed record OwnerAgreement(bool OrdererGetsLicense = false, string? LastFive = null)
{
    /// <summary>The name of the second tick's field.</summary>
    public const string LicenseCopy = "LicenseCopy";

    public static OwnerAgreement From(IFormCollection form) => new(form[LicenseCopy].Contains("yes"), form[nameof(LastFive)]);
}
