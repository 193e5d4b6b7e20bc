using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Commands;

namespace SelfHelpPortal.Features.Machine.Activate;

/// <param name="Once">When given, a repetition under the same key gets the same answer.</param>
internal sealed record ActivateRequest(string? ActivationKey, string Product, Computer Computer, IdempotencyKey? Once = null);

/// <param name="Value">What the caller chose; of all callers together, so it has to be random.</param>
/// <param name="Body">Everything the request said: another body under the same key is refused.</param>
internal sealed record IdempotencyKey(string Value, object Body);

/// <param name="IsNew">False when this computer was active already.</param>
internal sealed record ActivatedLicense(string Handle, int Generation, byte[] ReleaseSecret, string License, bool IsNew);

/// <param name="InUse">The computers that have the seats, when there is none left.</param>
internal sealed record ActivateAnswer(Outcome<ActivatedLicense> Outcome, IReadOnlyList<ComputerInUse> InUse)
{
    /// <summary>The idempotency key belongs to another request.</summary>
    public bool IsMismatch { get; init; }
}

/// <param name="PcName">As it is stored; masked by whoever shows it.</param>
internal sealed record ComputerInUse(string? PcName, DateTimeOffset ActivatedAt, DateTimeOffset? LastSeen);

/// <summary>Binds a license to the computer that asks. Whoever asks twice has one activation.</summary>
internal sealed class ActivateLicense(
    IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys, ProductCatalog products, ActivationSecretsMaker secrets, LicenseIssuer issuer, CommandLog commands)
{
    public async Task<ActivateAnswer> ExecuteAsync(ActivateRequest request, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindForMachineAsync(request.ActivationKey, caller, now, cancellationToken);
        if (answer is not KeyAnswer.Found found)
        {
            return Refused(answer is KeyAnswer.TooManyTries tries ? new RefusalDetail(Refusal.TooManyTries, tries.RetryAt) : new RefusalDetail(Refusal.Unknown));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var command = request.Once is { } once ? new CommandKey("api", once.Value, nameof(ActivateLicense)) : null;
        if (command is not null)
        {
            var start = await commands.BeginAsync<ActivatedLicense>(db, command, request.Once!.Body, CommandLog.ApiHonored, now, cancellationToken);
            if (start.State != CommandState.New)
            {
                return start.Answer is { } stored ? new ActivateAnswer(stored, []) : new ActivateAnswer(Refusal.Conflict, []) { IsMismatch = true };
            }
        }

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
                Activation = activation.Id,
                Seat = activation.Seat,
                Generation = activation.Generation,
                After = activation.State.ToString(),
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.Activated, data, caller.As(ActorKind.Device), text: null, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        var customer = await db.Customers.Where(c => c.Id == license.CustomerId).Select(c => c.Company).SingleAsync(cancellationToken);
        var activated = new ActivatedLicense(
            activation.Handle, activation.Generation, secrets.Open(activation), issuer.Write(license, activation, product, customer, now), isNew);
        if (command is not null)
        {
            await commands.FinishAsync(db, command, activated, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new ActivateAnswer(activated, []);
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
