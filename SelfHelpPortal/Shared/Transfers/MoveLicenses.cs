using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <param name="File">The new computer's license file, for the mail.</param>
internal sealed record MovedLicense(License License, Activation Old, Activation New, MailAttachment File);

/// <summary>Moves the licenses of a request to the new computers, with everything that belongs to it but money and mail.</summary>
internal sealed class MoveLicenses(ActivationSecretsFactory secrets, LicenseIssuer issuer, LicenseFiles files)
{
    /// <summary>What stands in the way, without doing anything; null when nothing does.</summary>
    public static SettlementError? FindObstacle(LockedTransfer transfer, Product product, DateTimeOffset now)
    {
        var request = transfer.Request;
        if (!request.IsIdentified || request.CustomerId is null)
        {
            return SettlementError.NotIdentified;
        }

        return request.Items.All(MayMove) && !request.Items.Any(IsTwice) ? null : SettlementError.LicenseStanding;

        bool MayMove(TransferItem item) =>
            transfer.Licenses.GetValueOrDefault(item.LicenseId!.Value) is { } license
            && license.ProductId == request.ProductId
            && license.CustomerId == request.CustomerId
            && license.Activations.SingleOrDefault(a => a.Id == item.ActivationId) is { } old
            && license.CheckTransfer(old, NewComputer(item), product.Policies.Hardware, now) is null;

        // Two dead PCs of one license do not become one.
        bool IsTwice(TransferItem item) => request.Items.Any(other => other.Position < item.Position && other.LicenseId == item.LicenseId
            && other.NewHardware.Match(item.NewHardware, product.Policies.Hardware.Points).Matches);
    }

    /// <summary>After <see cref="WhyNot"/> found nothing; completes the request.</summary>
    /// <param name="renewals">For each item the period its subscription is renewed for; empty when it is not.</param>
    /// <param name="customer">As the license files name it.</param>
    public async Task<IReadOnlyList<MovedLicense>> ExecuteAsync(
        PortalDbContext db, LockedTransfer transfer, Product product, string customer, IReadOnlyList<Period> renewals, Actor actor,
        string? reason, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var moved = new List<(License License, Activation Old, Activation New)>();
        foreach (var (place, item) in transfer.Request.Items.Index())
        {
            var license = transfer.Licenses[item.LicenseId!.Value];
            var old = license.Activations.Single(a => a.Id == item.ActivationId);
            var outcome = license.Transfer(old, NewComputer(item), secrets.Make(), product.Policies.Hardware, now);
            var activation = outcome.Succeeded
                ? outcome.Value
                : throw new InvalidOperationException(
                    $"The license refused the move ({outcome.Refused.Refusal}) although FindObstacle had found nothing; the two rules "
                        + $"differ.");
            moved.Add((license, old, activation));
            await NoteAsync(db, transfer.Request, license, old, activation, actor, now, cancellationToken);
            if (renewals.Count > 0)
            {
                license.Renew(renewals[place]);
                var until = new DateTimeOffset(renewals[place].To.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
                var data = new EventData { Until = until, Reference = transfer.Request.Reference };
                await EventLog.AppendAsync(db, license.Id, EventKind.SubscriptionRenewed, data, actor, text: null, now, cancellationToken);
            }
        }

        var before = transfer.Request.State;
        if (!transfer.Request.Complete(now).Succeeded)
        {
            throw new InvalidOperationException($"The request was {before} and could not be completed.");
        }

        await TransferEvents.AppendAsync(db, transfer.Request, before, actor, reason, now, cancellationToken);

        // Written last, so that every file tells the new end of its subscription.
        return [.. moved.Select(
            m => new MovedLicense(m.License, m.Old, m.New,
                files.Keep(db, m.License, m.New, issuer.Write(m.License, m.New, product, customer, now), now)))];
    }

    private static Computer NewComputer(TransferItem item) => new(item.NewHardware, item.NewPcName, item.AppVersion);

    private static async Task NoteAsync(
        PortalDbContext db, TransferRequest request, License license, Activation old, Activation activation, Actor actor,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = new EventData
        {
            Activation = old.Id,
            Seat = old.Seat,
            Generation = old.Generation,
            Method = old.ReleasedBy.ToString(),
            Before = nameof(ActivationState.Active),
            After = old.State.ToString(),
            Reference = request.Reference,
        };
        await EventLog.AppendAsync(db, license.Id, EventKind.Superseded, ended, actor, text: null, now, cancellationToken);
        var begun = new EventData
        {
            Activation = activation.Id,
            Seat = activation.Seat,
            Generation = activation.Generation,
            After = activation.State.ToString(),
            Reference = request.Reference,
        };
        await EventLog.AppendAsync(db, license.Id, EventKind.Activated, begun, actor, text: null, now, cancellationToken);
    }
}
