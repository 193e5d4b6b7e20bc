using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Activations;

/// <param name="Product">The product the computer has; null when it did not say.</param>
/// <param name="Once">When given, a repetition under the same key gets the same answer.</param>
internal sealed record ActivateRequest(string? ActivationKey, string? Product, Computer Computer, IdempotencyKey? Once = null)
{
    /// <summary>The computer has no internet: somebody carries the license file there, and the owner gets it by mail too.</summary>
    public bool IsOffline { get; init; }
}

/// <param name="Value">What the caller chose. It counts for the license of the request alone, so that two customers who chose the same
/// never meet.</param>
/// <param name="Body">Everything the request said: another body under the same key is refused.</param>
internal sealed record IdempotencyKey(string Value, object Body);

/// <param name="IsNew">False when this computer was active already.</param>
internal sealed record ActivatedLicense(string Number, string Handle, int Generation, byte[] ReleaseSecret, string License, bool IsNew);

/// <param name="InUse">The computers that have the seats, when there is none left.</param>
internal sealed record ActivateAnswer(Outcome<ActivatedLicense> Outcome, IReadOnlyList<ComputerInUse> InUse)
{
    /// <summary>The idempotency key belongs to another request.</summary>
    public bool IsMismatch { get; init; }
}

/// <summary>Binds a license to the computer that asks. Whoever asks twice has one activation.</summary>
internal sealed class ActivateLicense(
    IDbContextFactory<PortalDbContext> contexts,
    KeyLookUp keys,
    ProductCatalog products,
    ActivationSecretsFactory secrets,
    LicenseIssuer issuer,
    LicenseFiles files,
    Outbox outbox,
    CommandLog commands)
{
    /// <summary>For programs, which name the license by its key.</summary>
    public async Task<ActivateAnswer> ExecuteAsync(
        ActivateRequest request, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindForMachineAsync(request.ActivationKey, caller, now, cancellationToken);
        return answer is KeyAnswer.Found found
            ? await ExecuteAsync(found.LicenseId, request, caller.As(ActorKind.Device), now, cancellationToken)
            : Refused(answer is KeyAnswer.TooManyTries tries ? new RefusalDetail(Refusal.TooManyTries, tries.RetryAt)
                : new RefusalDetail(Refusal.Unknown));
    }

    /// <summary>For pages, which have found the license already.</summary>
    public async Task<ActivateAnswer> ExecuteAsync(
        Guid licenseId, ActivateRequest request, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var command = request.Once is { } once ? CommandKey.Api(licenseId, once.Value, nameof(ActivateLicense)) : null;
        if (command is not null)
        {
            var start = await commands.BeginAsync<ActivatedLicense>(
                db, command, request.Once!.Body, CommandLog.ApiHonored, now, cancellationToken);
            if (start.State == CommandState.Mismatch)
            {
                return new ActivateAnswer(Refusal.Conflict, []) { IsMismatch = true };
            }

            // Released meanwhile, it is nobody's to be handed out again: the repetition then asks for a new activation.
            if (start.Answer is { } stored
                && await db.Activations.AnyAsync(a => a.Handle == stored.Handle && a.State == ActivationState.Active, cancellationToken))
            {
                return new ActivateAnswer(stored, []);
            }
        }

        var license = await db.LockLicenseAsync(licenseId, cancellationToken)
            ?? throw new MissingRowException("License", licenseId, "the key that was looked up");
        if (request.Product is not null && request.Product != license.ProductId)
        {
            return Refused(new RefusalDetail(Refusal.WrongProduct));
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var outcome = license.Activate(request.Computer, secrets.Make(), product.Policies.Hardware, now);
        if (!outcome.Succeeded)
        {
            var inUse = outcome.Refused.Refusal == Refusal.TooManyActivations
                ? await ComputersInUse.GetAsync(db, license, cancellationToken)
                : [];
            return new ActivateAnswer(outcome.Refused, inUse);
        }

        var (activation, isNew, replaced, endLifted) = outcome.Value;
        if (replaced is not null)
        {
            var ended = new EventData
            {
                Activation = replaced.Id,
                Seat = replaced.Seat,
                Generation = replaced.Generation,
                Before = nameof(ActivationState.Active),
                After = replaced.State.ToString(),
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.Superseded, ended, actor, text: null, now, cancellationToken);
        }

        if (isNew || replaced is not null)
        {
            var data = new EventData
            {
                Activation = activation.Id,
                Seat = activation.Seat,
                Generation = activation.Generation,
                After = activation.State.ToString(),
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.Activated, data, actor, text: null, now, cancellationToken);
        }

        if (endLifted)
        {
            var data = new EventData { Activation = activation.Id, Seat = activation.Seat, Generation = activation.Generation };
            await EventLog.AppendAsync(db, license.Id, EventKind.EndLifted, data, actor, text: null, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var text = request.IsOffline
            ? await KeptAsync(db, license, activation, product, customer, now, cancellationToken)
            : issuer.Write(license, activation, product, customer.Company, now);
        var activated =
            new ActivatedLicense(license.Number, activation.Handle, activation.Generation, secrets.Open(activation), text, isNew);
        if (command is not null)
        {
            await commands.FinishAsync(db, command, activated, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new ActivateAnswer(activated, []);
    }

    private static ActivateAnswer Refused(RefusalDetail why) => new(why, []);

    /// <summary>The file this computer was given before, while it still holds; else a new one, kept and mailed to the owner.</summary>
    private async Task<string> KeptAsync(
        PortalDbContext db, License license, Activation activation, Product product, Licensing.Customer customer, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (await files.LatestAsync(db, activation.Id, cancellationToken) is { } before
            && issuer.StillHolds(before, license, activation, product, customer.Company, now))
        {
            return before;
        }

        var text = issuer.Write(license, activation, product, customer.Company, now);
        var attachment = files.Keep(db, license, activation, text, now);
        var mail = new ActivatedOfflineMail(customer.AsRecipient())
        {
            ProductId = license.ProductId,
            CustomerId = customer.Id,
            Product = product.Name,
            LicenseNumber = license.Number,
            PcName = activation.PcName,
            ActivatedAt = activation.ActivatedAt,
            File = attachment,
        };
        await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return text;
    }
}
