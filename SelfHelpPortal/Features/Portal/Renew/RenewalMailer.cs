using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <summary>A computer's new license file.</summary>
internal sealed record RenewedFile(string? PcName, MailAttachment File);

/// <summary>
/// Writes the license files that tell the new end, and the mail that brings them with the invoice to the address on file.
/// </summary>
internal sealed class RenewalMailer(Outbox outbox, LicenseIssuer issuer, LicenseFiles files, PublicAddress address)
{
    /// <summary>One for each computer that uses the license; with several of them their names tell the seat.</summary>
    public IReadOnlyList<RenewedFile> WriteFiles(
        PortalDbContext db, License license, Product product, Licensing.Customer customer, DateTimeOffset now)
    {
        var computers = license.ActiveComputers.OrderBy(a => a.Seat).ToList();
        return [.. computers.Select(computer =>
        {
            var file = files.Keep(db, license, computer, issuer.Write(license, computer, product, customer.Company, now), now);
            var name = computers.Count == 1 ? file.FileName : LicenseFiles.NameOf($"{license.Number}-{computer.Seat}");
            return new RenewedFile(computer.PcName, file with { FileName = name });
        })];
    }

    public Task RenewedAsync(
        PortalDbContext db, License license, Product product, Licensing.Customer customer, RenewalOffer offer,
        IReadOnlyList<RenewedFile> written, IssuedInvoice issued, CustomerActor orderedBy, string language, bool earlyStart,
        DateTimeOffset now, CancellationToken cancellationToken) => outbox.EnqueueAsync(
        db,
        new SubscriptionRenewedMail(customer.AsRecipient() with { Culture = language })
        {
            ProductId = license.ProductId,
            CustomerId = customer.Id,
            Product = product.Name,
            LicenseNumber = license.Number,
            From = offer.Period.From,
            Until = offer.Period.To,
            Invoice = InvoiceFacts.From(issued.Invoice),
            OrderedBy = orderedBy.Name,
            OrderedAt = now,
            Computers = [.. written.Select(w => new RenewedComputer(w.PcName, w.File.FileName))],
            Files = [.. written.Select(w => w.File), .. issued.Attachments],
            EarlyStart = earlyStart,
            LicenseAddress = address.For($"/my/licenses/{license.Number}"),
        },
        now,
        cancellationToken);
}
