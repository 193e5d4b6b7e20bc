using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>What is known of the dead computers' licenses.</summary>
/// <param name="Items">One for each dead PC, in order.</param>
/// <param name="Elimination">Null when no code of a working computer was given.</param>
/// <param name="CustomerId">The owner; null while nothing, or not everything, is known.</param>
internal sealed record Identification(IReadOnlyList<IdentifiedItem> Items, Elimination? Elimination, Guid? CustomerId)
{
    /// <summary>Whoever typed knows a key or the codes of the owner's computers, so what is known may be shown.</summary>
    public bool IsProven => Items.Count > 0 && Items.All(i => i.By is TransferIdentification.Key or TransferIdentification.Elimination);

    public bool IsStated => Items.Any(i => i.Stated is not null);

    /// <summary>As if nothing were known of what was stated.</summary>
    public Identification WithoutLicenses() =>
        this with
        {
            Items = [.. Items.Select(i => new IdentifiedItem(TransferIdentification.None, i.Stated, null, null))],
            CustomerId = null
        };
}

/// <param name="Stated">What was typed as number or serial.</param>
/// <param name="License">Never to be shown when it is known by what was stated only.</param>
internal sealed record IdentifiedItem(TransferIdentification By, string? Stated, KnownLicense? License, Guid? ActivationId);

internal sealed record KnownLicense(Guid Id, string Number, Guid CustomerId, DateOnly? MaintenanceUntil);

/// <summary>
/// Says which licenses the dead computers of a draft had: by the key typed before, by a stated number, or by elimination.
/// </summary>
internal static class Identify
{
    public static async Task<Identification> LicensesAsync(
        PortalDbContext db, Product product, TransferDraft draft, CancellationToken cancellationToken)
    {
        var owner = draft.LicenseId is { } byKey
            ? (await LicenseAsync(db, product.Id, l => l.Id == byKey, cancellationToken))?.CustomerId
            : null;
        var elimination = await EliminateAsync(db, product, draft, owner, cancellationToken);
        var items = new List<IdentifiedItem>();
        foreach (var item in draft.Items)
        {
            var stated = LicenseNumber.Readings(item.LicenseNumber);
            items.Add(
                draft.LicenseId is { } key && draft.Items.Count == 1
                ? await ByLicenseAsync(db, product, l => l.Id == key, TransferIdentification.Key, null, elimination, cancellationToken)
                : stated.Count > 0 ? await ByLicenseAsync(
                    db, product, l => stated.Contains(l.Number) || stated.Contains(l.Serial!), TransferIdentification.Stated,
                    item.LicenseNumber, elimination, cancellationToken)
                : new IdentifiedItem(TransferIdentification.None, null, null, null));
        }

        // What is left beside the working computers and those that are named already.
        var open = items.FindAll(i => i.By == TransferIdentification.None);
        var left = elimination?.Remaining.Where(c => items.TrueForAll(i => i.ActivationId != c.ActivationId)).ToList() ?? [];
        if (open.Count > 0 && left.Count == open.Count && elimination?.Owner is not null && !draft.IsNotTheOneLeft)
        {
            foreach (var (item, computer) in open.Zip(left))
            {
                var license = await LicenseAsync(db, product.Id, l => l.Id == computer.LicenseId, cancellationToken);
                items[items.IndexOf(item)] = new IdentifiedItem(TransferIdentification.Elimination, null, license, computer.ActivationId);
            }
        }

        var owners = items.Select(i => i.License?.CustomerId).Distinct().ToList();
        return new Identification(items, elimination, owners is [{ } only] ? only : null);
    }

    private static async Task<Elimination?> EliminateAsync(
        PortalDbContext db, Product product, TransferDraft draft, Guid? owner, CancellationToken cancellationToken)
    {
        var working = Codes(draft.WorkingPcs.Select(p => p.HardwareCode));
        return working is [] ? null : Elimination.Compute(
            working,
            Codes(draft.Items.Select(i => i.HardwareCode)),
            await FindComputers.OfOwnersAsync(db, product, working, owner, cancellationToken),
            product.Policies.Hardware.Points,
            owner);
    }

    private static async Task<IdentifiedItem> ByLicenseAsync(
        PortalDbContext db, Product product, System.Linq.Expressions.Expression<Func<License, bool>> which, TransferIdentification by,
        string? stated,
        Elimination? elimination, CancellationToken cancellationToken)
    {
        if (await LicenseAsync(db, product.Id, which, cancellationToken) is not { } license)
        {
            return new IdentifiedItem(TransferIdentification.None, stated, null, null);
        }

        // With several seats, working computers of the same license are taken away first.
        var works = elimination?.Rows.Where(r => r.Mark == EliminationMark.Works).Select(r => r.Computer!.ActivationId).ToList() ?? [];
        var computers = (await FindComputers.OfLicenseAsync(db, license.Id, cancellationToken))
            .FindAll(c => !works.Contains(c.ActivationId));
        return new IdentifiedItem(by, stated, license, computers is [var only] ? only.ActivationId : null);
    }

    private static Task<KnownLicense?> LicenseAsync(
        PortalDbContext db, string productId, System.Linq.Expressions.Expression<Func<License, bool>> which,
        CancellationToken cancellationToken) =>
        db.Licenses.AsNoTracking().Where(l => l.ProductId == productId).Where(which).OrderBy(l => l.Number)
            .Select(l => new KnownLicense(l.Id, l.Number, l.CustomerId, l.MaintenanceUntil)).FirstOrDefaultAsync(cancellationToken);

    private static List<HardwareCode> Codes(IEnumerable<string?> typed) =>
        [.. typed.Select(t => HardwareInput.Parse(t).Code).OfType<HardwareCode>()];
}
