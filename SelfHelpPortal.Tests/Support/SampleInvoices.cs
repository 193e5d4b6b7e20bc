using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Invoices of a demo vendor for tests that look at other things than what stands in them.</summary>
internal static partial class SampleInvoices
{
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public static InvoiceContent Content(DateOnly date, InvoiceKind kind = InvoiceKind.Invoice, params InvoiceLine[] lines) => new()
    {
        Kind = kind,
        IssueDate = date,
        ServiceDate = date,
        DueDate = kind == InvoiceKind.Invoice ? date.AddDays(14) : null,
        Format = InvoiceFormat.Zugferd,
        Language = "de",
        Reference = "M-7F3K-20",
        Seller = new InvoiceSeller
        {
            Name = "Muster Software GmbH",
            VatId = "DE123456788",
            TaxNumber = "12/345/67890",
            Register = "Amtsgericht Musterstadt, HRB 00000",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            Country = "DE",
            BillingMail = "rechnung@muster-software.example",
            ContactName = "Buchhaltung",
            ContactPhone = "+49 30 0000000",
            ContactMail = "rechnung@muster-software.example",
            Iban = "DE02120300000000202051",
        },
        Buyer = new InvoiceBuyer
        {
            CustomerNumber = "C-10042",
            Company = "Muster Gastro GmbH",
            Email = "buchhaltung@muster-gastro.example",
            Street = "Beispielweg 7",
            PostalCode = "54321",
            City = "Beispielstadt",
            Country = "DE",
        },
        Vat = new VatTreatment(VatCase.Domestic, "S", 19, ReasonCode: null, Reason: null),
        Lines = lines.Length > 0 ? lines : [Fee()],
    };

    public static InvoiceLine Fee(int quantity = 1) => new()
    {
        Sku = "TRANSFER-muster-pos",
        Name = "Lizenz-Migration (Altgerät defekt)",
        Description = "Lizenz L-1044",
        Quantity = quantity,
        UnitNet = new Money(7000),
    };

    public static Customer Customer(int number) =>
        new() { Number = $"C-{number}", Company = "Muster Gastro GmbH", Email = "inhaber@muster-gastro.example" };
}
