using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Writes to whoever ordered, tells the owner of the licenses where that is somebody else, and staff where they have to look.
/// </summary>
internal sealed class TransferMailer(Outbox outbox, ReleaseRecorder owners, PublicAddress address, IOptions<MailOptions> mail)
{
    /// <summary>At once and whatever becomes of the order, to the address typed with it (§ 312i(1) no. 3 BGB).</summary>
    /// <param name="earlyStart">As <see cref="EventData.EarlyStart"/>.</param>
    public Task ReceivedAsync(
        PortalDbContext db, TransferRequest request, Product product, bool earlyStart, DateTimeOffset now,
        CancellationToken cancellationToken) => outbox.EnqueueAsync(
        db,
        new TransferReceivedMail(request.AsRecipient())
        {
            ProductId = request.ProductId,
            CustomerId = request.IsStatedOnly ? null : request.CustomerId,
            RequestId = request.Id,
            RequestReference = request.Reference!,
            Product = product.Name,
            Remedy = request.Remedy!.Value,
            Gross = new Money(request.Price!.GrossCents),
            OrderedAt = request.OrderedAt!.Value,
            Next = !request.AsksOwner ? request.State == TransferState.InReview ? ReceivedNext.Staff : ReceivedNext.Done
                : request.IsOwnerShown ? ReceivedNext.Owner : ReceivedNext.OwnerIfKnown,
            EarlyStart = earlyStart,
            Status = StatusLink(db, request, now),
        },
        now,
        cancellationToken);

    /// <param name="issued">The invoice that goes along.</param>
    public async Task CompletedAsync(
        PortalDbContext db, TransferRequest request, Product product, Licensing.Customer customer, IReadOnlyList<MovedLicense> moved,
        IssuedInvoice? issued,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var files = moved.Select(m => m.File).ToList();
        var ordererGetsLicense = LicenseDelivery.OrdererGetsIt(request, customer);
        var toOrderer = new TransferCompletedMail(request.AsRecipient())
        {
            ProductId = request.ProductId,
            CustomerId = customer.Id,
            RequestId = request.Id,
            RequestReference = request.Reference!,
            Product = product.Name,
            // A name that nobody but whoever ordered has seen stands in no mail to somebody else.
            Licenses =
                [.. moved.Select(m => new MovedFacts(
                    m.License.Number, m.Old.PcName, request.ConfirmedAt is null ? null : m.New.PcName, m.License.MaintenanceUntil))],
            CompletedAt = now,
            Invoice = issued is null ? null : InvoiceFacts.From(issued.Invoice),
            FeeWaived = request.FeeWaived,
            HasLicense = ordererGetsLicense,
            Checklist = TransferChecklist.Of(request, product, customer.Country),
            Files = [.. ordererGetsLicense ? files : [], .. issued?.Attachments ?? []],
            Status = StatusLink(db, request, now),
        };
        await outbox.EnqueueAsync(db, toOrderer, now, cancellationToken);
        if (LicenseDelivery.IsElsewhere(request, customer))
        {
            var toOwner = toOrderer with
            {
                To = customer.AsRecipient() with { Culture = request.Language },
                IsToOwner = true,
                Invoice = null,
                HasLicense = true,
                Files = files
            };
            await outbox.EnqueueAsync(db, toOwner, now, cancellationToken);
            foreach (var (license, old, _, _) in moved)
            {
                await owners.NotifyOwnerAsync(db, license, old, confirmedByMail: false, accountName: null, now, cancellationToken);
            }
        }
    }

    public async Task InvoicedAsync(
        PortalDbContext db, LockedTransfer transfer, Product product, IssuedInvoice issued, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        await outbox.EnqueueAsync(
            db,
            new TransferInvoiceMail(request.AsRecipient())
            {
                ProductId = request.ProductId,
                CustomerId = request.CustomerId,
                RequestId = request.Id,
                RequestReference = request.Reference!,
                Product = product.Name,
                LicenseNumbers = [.. request.Items.Select(i => transfer.Licenses[i.LicenseId!.Value].Number)],
                Invoice = InvoiceFacts.From(issued.Invoice),
                AcceptedAt = now,
                Files = issued.Attachments,
                Status = StatusLink(db, request, now),
            },
            now,
            cancellationToken);
    }

    /// <summary>Tells staff that a request waits for them.</summary>
    public async Task NotifyStaffAsync(
        PortalDbContext db, TransferRequest request, Product product, bool isAnswer, IReadOnlyList<BrokenRule> broken, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // As it is on file; what whoever ordered calls himself stands on the page.
        var company = await db.Customers.Where(c => c.Id == request.CustomerId).Select(c => c.Company)
            .SingleOrDefaultAsync(cancellationToken);
        foreach (var staff in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffTransferMail(staff)
                {
                    RequestReference = request.Reference!,
                    Round = request.Messages.Count,
                    IsAnswer = isAnswer,
                    Customer = company,
                    Product = product.Name,
                    Remedy = request.Remedy!.Value,
                    Reasons = request.ReviewReasons,
                    Broken = broken,
                    OrderedAt = request.OrderedAt!.Value,
                    RequestAddress = address.For($"/staff/transfers/{request.Reference}"),
                },
                now,
                cancellationToken);
        }
    }

    /// <summary>The page of the request, for the mail that is about to be written.</summary>
    public OneTimeLink StatusLink(PortalDbContext db, TransferRequest request, DateTimeOffset now)
    {
        var lifetime = LinkPurpose.TransferStatus.Lifetime;
        return new OneTimeLink(address.For(
            $"/transfer/status/{SecretLinks.Issue(db, LinkPurpose.TransferStatus, request.Id, now, lifetime)}"), now + lifetime);
    }
}
