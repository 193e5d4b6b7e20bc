using System.Globalization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>What is to be invoiced, with its tax case decided.</summary>
internal sealed record InvoiceOrder
{
    public required Guid CustomerId { get; init; }

    /// <summary>At most one living invoice bills it; the database refuses a second one.</summary>
    public Guid? TransferRequestId { get; init; }

    /// <summary>Whose subscription it renews, where no request does.</summary>
    public Guid? LicenseId { get; init; }

    /// <summary><c>M-7F3K-20</c>, or the number of the license.</summary>
    public string? Reference { get; init; }

    public required InvoiceBuyer Buyer { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    public required DateOnly ServiceDate { get; init; }

    /// <summary>From <see cref="TaxDecision"/>.</summary>
    public required VatTreatment Vat { get; init; }

    /// <summary>What was known of the buyer's VAT id when the tax case was decided.</summary>
    public VatIdCheck? VatIdCheck { get; init; }

    public InvoiceFormat Format { get; init; } = InvoiceFormat.Zugferd;

    /// <summary><c>de</c> or <c>en</c></summary>
    public required string Language { get; init; }

    /// <summary>What stands above the table, a sentence each.</summary>
    public IReadOnlyList<string> Introduction { get; init; } = [];
}

/// <summary>
/// Issues an invoice in the caller's transaction. Call it as the last act before saving: its number is the last lock. It neither saves nor
/// commits, and after a refusal the caller has to roll back. The mail is the caller's, with <see cref="IssuedInvoice.Attachments"/>.
/// </summary>
internal sealed class IssueInvoice(InvoiceIssuer press, VendorInvoicing invoicing)
{
    /// <returns><see cref="Refusal.InvoiceInvalid"/> with sentences for the clerk in <see cref="RefusalDetail.BrokenRules"/>.</returns>
    public async Task<Outcome<IssuedInvoice>> ExecuteAsync(
        PortalDbContext db, InvoiceOrder order, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (invoicing.Seller is not { } seller)
        {
            return new RefusalDetail(Refusal.InvoiceInvalid)
            {
                BrokenRules =
                    [.. invoicing.Complaints.Select(
                        c => new BrokenRule("Vendor", c.In(CultureInfo.GetCultureInfo("de")), c.In(CultureInfo.GetCultureInfo("en"))))],
            };
        }

        var draft = new InvoiceContent
        {
            Kind = InvoiceKind.Invoice,
            IssueDate = press.Today(now),
            ServiceDate = order.ServiceDate,
            Format = order.Format,
            Language = order.Language,
            Reference = order.Reference,
            Seller = seller,
            Buyer = order.Buyer,
            Vat = order.Vat,
            Lines = order.Lines,
            Introduction = order.Introduction,
        };
        var origin = new InvoiceOrigin(order.CustomerId, order.TransferRequestId, LicenseId: order.LicenseId);
        return await press.IssueAsync(
            db, draft, origin, new VatEvidence(order.VatIdCheck, now), original: null, actor, now, cancellationToken);
    }
}
