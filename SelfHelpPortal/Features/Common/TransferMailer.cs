using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Common;

/// <summary>Writes to whoever ordered, and tells the owner of the licenses where that is somebody else.</summary>
internal sealed class TransferMailer(Outbox outbox, ReleaseRecorder owners, PublicAddress address)
{
    /// <param name="issued">The invoice that goes along.</param>
    public async Task CompletedAsync(
        PortalDbContext db, TransferRequest request, Product product, Licensing.Customer customer, IReadOnlyList<MovedLicense> moved, IssuedInvoice? issued,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        await outbox.EnqueueAsync(
            db,
            new TransferCompletedMail(RecipientOf(request))
            {
                CustomerId = customer.Id,
                RequestId = request.Id,
                RequestReference = request.Reference!,
                Product = product.Name,
                Licenses = [.. moved.Select(m => new MovedFacts(m.License.Number, m.Old.PcName, m.New.PcName, m.License.MaintenanceUntil))],
                CompletedAt = now,
                Invoice = issued is null ? null : InvoiceFacts.Of(issued.Invoice),
                FeeWaived = request.FeeWaived,
                Checklist = Checklist.Items(product.Policies.Transfer.Checklist(request.Language)),
                Files = [.. moved.Select(m => m.File), .. issued?.Attachments ?? []],
                Status = StatusLink(db, request, now),
            },
            now,
            cancellationToken);
        if (!string.Equals(customer.Email, request.Contact!.Email, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (license, old, _, _) in moved)
            {
                await owners.TellOwnerAsync(db, license, old, confirmedByMail: false, now, cancellationToken);
            }
        }
    }

    public async Task InvoicedAsync(
        PortalDbContext db, LockedTransfer transfer, Product product, IssuedInvoice issued, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        await outbox.EnqueueAsync(
            db,
            new TransferInvoiceMail(RecipientOf(request))
            {
                CustomerId = request.CustomerId,
                RequestId = request.Id,
                RequestReference = request.Reference!,
                Product = product.Name,
                LicenseNumbers = [.. request.Items.Select(i => transfer.Licenses[i.LicenseId!.Value].Number)],
                Invoice = InvoiceFacts.Of(issued.Invoice),
                AcceptedAt = now,
                Files = issued.Attachments,
                Status = StatusLink(db, request, now),
            },
            now,
            cancellationToken);
    }

    /// <summary>Whoever ordered, in the language of the order.</summary>
    public static MailRecipient RecipientOf(TransferRequest request) => new(request.Contact!.Email, request.Contact.Name, request.Language);

    /// <summary>The page of the request, for the mail that is about to be written.</summary>
    public OneTimeLink StatusLink(PortalDbContext db, TransferRequest request, DateTimeOffset now)
    {
        var lifetime = LinkPurpose.TransferStatus.Lifetime;
        return new OneTimeLink(address.For($"/transfer/status/{SecretLinks.Issue(db, LinkPurpose.TransferStatus, request.Id, now, lifetime)}"), now + lifetime);
    }
}
