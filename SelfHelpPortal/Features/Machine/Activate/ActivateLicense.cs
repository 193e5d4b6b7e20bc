using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Machine.Activate;

internal sealed record ActivateRequest(string? ActivationKey, string Product, Computer Computer);

/// <param name="IsNew">False when this computer was active already.</param>
internal sealed record ActivatedLicense(string Handle, int Generation, byte[] ReleaseSecret, string License, bool IsNew);

/// <param name="InUse">The computers that have the seats, when there is none left.</param>
internal sealed record ActivateAnswer(Outcome<ActivatedLicense> Outcome, IReadOnlyList<ComputerInUse> InUse);

/// <param name="PcName">As it is stored; masked by whoever shows it.</param>
internal sealed record ComputerInUse(string? PcName, DateTimeOffset ActivatedAt, DateTimeOffset? LastSeen);

/// <summary>Binds a license to the computer that asks. Whoever asks twice has one activation.</summary>
internal sealed class ActivateLicense(
    IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys, ProductCatalog products, ActivationSecretsMaker secrets, LicenseIssuer issuer)
{
    public async Task<ActivateAnswer> ExecuteAsync(ActivateRequest request, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindAsync(request.ActivationKey, caller, now, cancellationToken);
        if (answer is not KeyAnswer.Found found)
        {
            return Refused(answer is KeyAnswer.TooManyTries tries ? new RefusalDetail(Refusal.TooManyTries, tries.RetryAt) : new RefusalDetail(Refusal.Unknown));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(found.LicenseId, cancellationToken) ?? throw new InvalidOperationException("A license that was found exists.");
        if (license.ProductId != request.Product)
        {
            return Refused(new RefusalDetail(Refusal.WrongProduct));
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var outcome = license.Activate(request.Computer, secrets.Make(), product.Policies.Hardware, now);
        if (!outcome.Succeeded)
        {
            var inUse = outcome.Refused.Refusal == Refusal.TooManyActivations ? await InUseAsync(db, license, cancellationToken) : [];
            return new ActivateAnswer(outcome.Refused, inUse);
        }

        var (activation, isNew) = outcome.Value;
        if (isNew)
        {
            var data = new EventData
            {
                Activation = activation.Id, Seat = activation.Seat, Generation = activation.Generation, After = activation.State.ToString(),
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.Activated, data, caller.As(ActorKind.Device), text: null, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        var customer = await db.Customers.Where(c => c.Id == license.CustomerId).Select(c => c.Company).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ActivateAnswer(
            new ActivatedLicense(
                activation.Handle, activation.Generation, secrets.Open(activation), issuer.Write(license, activation, product, customer, now), isNew),
            []);
    }

    private static ActivateAnswer Refused(RefusalDetail why) => new(why, []);

    private static async Task<IReadOnlyList<ComputerInUse>> InUseAsync(PortalDbContext db, License license, CancellationToken cancellationToken)
    {
        var ids = license.ActiveComputers.Select(a => a.Id).ToList();
        var seen = await db.ActivationsSeen.Where(s => ids.Contains(s.ActivationId)).ToDictionaryAsync(s => s.ActivationId, s => s.SeenAt, cancellationToken);
        return [.. license.ActiveComputers.OrderBy(a => a.Seat)
            .Select(a => new ComputerInUse(a.PcName, a.ActivatedAt, seen.TryGetValue(a.Id, out var at) ? at : null))];
    }
}
