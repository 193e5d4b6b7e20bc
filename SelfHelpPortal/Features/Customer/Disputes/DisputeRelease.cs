using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.Disputes;

internal enum ObjectionOutcome
{
    /// <summary>The owner may object; nothing has happened yet.</summary>
    Ready,
    Objected,
    Expired,
}

internal sealed record ObjectionView(
    ObjectionOutcome Outcome, string ProductName, string LicenseNumber, string? PcName, DateTimeOffset? ReleasedAt,
    string? CaseNumber = null, bool IsRestored = false)
{
    /// <summary>It is about a loan, which the objection ends.</summary>
    public bool IsLoan { get; init; }

    /// <summary>When the computer that uses the license for a while ends by itself.</summary>
    public DateTimeOffset? GoesOnUntil { get; init; }
}

/// <summary>
/// "This was not me": the owner objects to a release by the link in its mail. If the seat is still free the old computer has it again,
/// further releases are frozen, and a case is opened for staff.
/// </summary>
internal sealed class DisputeRelease(
    IDbContextFactory<PortalDbContext> contexts,
    ProductCatalog products,
    ActivationSecretsFactory secrets,
    Outbox outbox,
    PublicAddress address,
    IOptions<MailOptions> mail)
{
    /// <summary>What the page shows when it is opened; null when the link is none of ours.</summary>
    public async Task<ObjectionView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.Objection, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        var licenseId = await db.Activations.Where(a => a.Id == link.RecordId).Select(a => a.LicenseId).SingleAsync(cancellationToken);
        var license = await db.LoadLicenseAsync(licenseId, cancellationToken)
            ?? throw new MissingRowException("License", licenseId, "an activation");
        return await ViewAsync(db, license, link, cancellationToken);
    }

    public async Task<ObjectionView?> ExecuteAsync(
        string token, string? message, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.Objection, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        var licenseId = await db.Activations.Where(a => a.Id == link.RecordId).Select(a => a.LicenseId).SingleAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(licenseId, cancellationToken)
            ?? throw new MissingRowException("License", licenseId, "an activation");
        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            // A parallel caller may have used it just now.
            var again = await SecretLinks.FindAsync(db, LinkPurpose.Objection, token, now, cancellationToken) ?? link;
            return await ViewAsync(db, license, again, cancellationToken);
        }

        var released = license.Activations.Single(a => a.Id == link.RecordId);
        var isNewCase = license.OpenFlag(FlagKind.Objection) is null;
        var number = isNewCase ? await Numbers.NextFlagAsync(db, cancellationToken) : "";
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.Hardware;
        var usedBefore = released.IsActive;
        var (flag, restored) = license.Object(released, message, number, secrets.Make(), policy, now);
        var ended = usedBefore && !released.IsActive;
        await RecordAsync(db, license, released, restored, ended, flag, isNewCase, message, caller, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await ViewAsync(db, license, link with { State = LinkState.Used }, cancellationToken);
    }

    private async Task RecordAsync(
        PortalDbContext db, License license, Activation released, Activation? restored, bool ended, Flag flag, bool isNewCase,
        string? message, Caller caller,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var actor = caller.As(ActorKind.Customer);
        await EventLog.AppendAsync(
            db, license.Id, EventKind.Objected, new EventData
            {
                Activation = released.Id,
                Case = flag.Number,
                Before = ended ? nameof(ActivationState.Active) : null,
                After = ended ? released.State.ToString() : null,
            }, actor, message, now,
            cancellationToken);
        if (restored is not null)
        {
            var data = new EventData
            {
                Activation = restored.Id,
                Seat = restored.Seat,
                Generation = restored.Generation,
                After = restored.State.ToString(),
                Case = flag.Number
            };
            var kind = restored == released ? EventKind.EndLifted : EventKind.Restored;
            await EventLog.AppendAsync(db, license.Id, kind, data, Actor.System, text: null, now, cancellationToken);
        }

        if (!isNewCase)
        {
            return;
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new ObjectedMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                CaseNumber = flag.Number,
                Product = product.Name,
                LicenseNumber = license.Number,
                PcName = released.PcName,
                ReleasedAt = released.EndedAt ?? now,
                ObjectedAt = now,
                IsRestored = restored is not null,
                IsLoan = released.EndsAs == EndKind.Loan,
            },
            now,
            cancellationToken);
        foreach (var staff in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffObjectionMail(staff)
                {
                    CaseNumber = flag.Number,
                    Customer = customer.Company,
                    Product = product.Name,
                    LicenseNumber = license.Number,
                    PcName = released.PcName,
                    ReleasedAt = released.EndedAt ?? now,
                    Method = released.ReleasedBy ?? ReleaseMethod.ActivationKey,
                    ObjectedAt = now,
                    IsRestored = restored is not null,
                    IsLoan = released.EndsAs == EndKind.Loan,
                    CaseAddress = address.For($"/staff/flags/{flag.Number}"),
                },
                now,
                cancellationToken);
        }
    }

    private async Task<ObjectionView> ViewAsync(PortalDbContext db, License license, FoundLink link, CancellationToken cancellationToken)
    {
        var released = license.Activations.Single(a => a.Id == link.RecordId);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var outcome = link.State switch
        {
            LinkState.Valid => ObjectionOutcome.Ready,
            LinkState.Used => ObjectionOutcome.Objected,
            LinkState.Expired => ObjectionOutcome.Expired,
        };
        return new ObjectionView(
            outcome, product.Name, license.Number, released.PcName, released.EndedAt, license.OpenFlag(FlagKind.Objection)?.Number,
            released.RestoredAsId is not null || released.HasSeat)
        {
            IsLoan = released.EndsAs == EndKind.Loan,
            GoesOnUntil = released.IsActive ? released.EndsAt : null,
        };
    }
}
