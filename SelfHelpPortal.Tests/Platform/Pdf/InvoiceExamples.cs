using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>Invoices of every kind, and the renderer that draws them.</summary>
internal static class InvoiceExamples
{
    public const string Iban = "DE89370400440532013000";

    public static readonly PdfInvoiceRenderer Renderer = new(Artwork(new VendorOptions()));

    /// <summary>A file of the size and kind that is attached; what it says, the tests of the XML judge.</summary>
    public static readonly byte[] AnyXml = Encoding.UTF8.GetBytes(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<invoice>"
        + string.Concat(Enumerable.Range(1, 300).Select(i => $"<line no=\"{i}\">Łódź, Straße {i}</line>")) + "</invoice>");

    public static readonly InvoiceContent German = new()
    {
        Kind = InvoiceKind.Invoice,
        Number = "2026-00042",
        IssueDate = new(2026, 11, 22),
        ServiceDate = new(2026, 11, 21),
        DueDate = new(2026, 12, 6),
        Format = InvoiceFormat.Zugferd,
        Language = "de",
        Reference = "M-7F3K-20",
        Seller = new()
        {
            Name = "Muster Software GmbH",
            Register = "Amtsgericht Musterstadt, HRB 00000",
            VatId = "DE000000003",
            TaxNumber = "00/000/00000",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            Country = "DE",
            BillingMail = "billing@muster-software.example",
            ContactName = "Lizenz-Team",
            ContactPhone = "+49 30 0000000",
            ContactMail = "billing@muster-software.example",
            Iban = Iban,
        },
        Buyer = new()
        {
            CustomerNumber = "C-10042",
            Company = "Müller & Söhne Gastronomie GmbH",
            Person = "Zoë Łódź",
            Email = "rechnung@mueller.example",
            Street = "Größenstraße 2",
            PostalCode = "90402",
            City = "Nürnberg",
            Country = "DE",
            VatId = "DE111111125",
        },
        Vat = new(VatCase.Domestic, "S", 19, null, null),
        Introduction = ["Sie haben uns einen defekten Computer gemeldet. Für die Migration Ihrer Lizenz berechnen wir wie angekündigt:"],
        Lines =
        [
            new()
            {
                Sku = "TRANSFER-muster-pos",
                Name = "Lizenz-Migration (Altgerät defekt)",
                Description = "Lizenz L-1044, Hardwarecode 7K3QM-PP7FH",
                Quantity = 1,
                UnitNet = new(70_00),
            },
        ],
    };

    public static readonly InvoiceContent English = German with
    {
        Number = "2026-00043",
        Language = "en",
        Buyer = new()
        {
            CustomerNumber = "C-10043",
            Company = "Muster Beheer B.V.",
            Person = "Joséphine van der Voorbeeld",
            Email = "facturen@muster-beheer.example",
            Street = "Voorbeeldstraat 10",
            Street2 = "3e verdieping",
            PostalCode = "1012 AB",
            City = "Amsterdam",
            Country = "NL",
            VatId = "NL000000000B01",
            OrderNumber = "PO-4711",
        },
        ServiceDate = new(2027, 11, 30),
        Vat = new(VatCase.ReverseCharge, "AE", 0, "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge"),
        Introduction = ["You reported a computer that no longer works and chose to renew the subscription."],
        Lines =
        [
            new()
            {
                Sku = "RENEWAL-muster-pos-12M",
                Name = "Subscription renewal, 12 months",
                Description = "License L-1044",
                Quantity = 2,
                UnitNet = new(1_234_50),
                Period = new(new(2026, 12, 1), new(2027, 11, 30)),
            },
        ],
    };

    public static readonly InvoiceContent Cancellation = German with
    {
        Kind = InvoiceKind.Cancellation,
        Number = "S2026-00007",
        DueDate = null,
        Cancels = new("2026-00042", new(2026, 11, 22)),
        Introduction = [],
        Lines = [German.Lines[0] with { Quantity = -1 }],
        Notes = ["Grund der Stornierung: Der alte Computer ist repariert, die Lizenz bleibt auf ihm."],
    };

    public static readonly InvoiceContent SmallBusiness = German with
    {
        Vat = new(VatCase.SmallBusiness, "E", 0, null, "Steuerfreier Umsatz nach § 19 UStG (Kleinunternehmer)"),
    };

    public static readonly InvoiceContent ThirdCountry = English with
    {
        Buyer = English.Buyer with { PostalCode = "8001", City = "Zürich", Country = "CH", VatId = "CHE000000000" },
        Vat = new(VatCase.ThirdCountry, "O", 0, "VATEX-EU-O", "Not taxable in Germany"),
    };

    public static readonly InvoiceContent Draft = German with { Number = null };

    public static IReadOnlyDictionary<string, InvoiceContent> All { get; } = new Dictionary<string, InvoiceContent>
    {
        ["german"] = German,
        ["english"] = English,
        ["cancellation"] = Cancellation,
        ["small-business"] = SmallBusiness,
        ["third-country"] = ThirdCountry,
        ["draft"] = Draft,
        ["three-pages"] = WithLines(German, 45),
        ["longest"] = Longest,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Texts as long as their fields allow, six lines of address, a note.</summary>
    public static InvoiceContent Longest => German with
    {
        Seller = German.Seller with
        {
            Name = "Muster Software und Lizenzverwaltungs-Beteiligungsgesellschaft für Gastronomie mbH & Co. KG",
            Register = "Amtsgericht Musterstadt an der Musterach, HRA 000000",
            BillingMail = "rechnungswesen.lizenzen@muster-software-lizenzverwaltung.example",
            Bic = "COBADEFFXXX",
        },
        Buyer = German.Buyer with
        {
            Company = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Müller, Söhne & Partner mbH",
            Person = "Prof. Dr. Maria-Magdalena Freifrau von und zu Musterhausen-Beispielstein",
            Street = "Straße der Deutsch-Österreichischen Freundschaft 12345, Hinterhaus",
            Street2 = "Aufgang C, 4. Obergeschoss links",
            City = "Hellschen-Heringsand-Unterschaar",
            Country = "AT",
            VatId = "ATU00000000",
            BuyerReference = "04011000-1234512345-06-und-noch-länger-als-alles",
            OrderNumber = "Bestellung 2026/11/0815 vom 20.11.2026, Kostenstelle 4711",
        },
        Lines =
        [
            German.Lines[0] with
            {
                Name = "Verlängerung der Subscription einschließlich Wartung und Fernunterstützung für das Kassensystem Muster POS "
                    + "Professional, 12 Monate",
                Description = "Lizenz L-1044, Hardwarecode " + string.Join('-', Enumerable.Repeat("7K3QM", 16)),
                UnitNet = new(123_456_78),
                Quantity = 12,
                Period = new(new(2026, 12, 1), new(2027, 11, 30)),
            },
        ],
        Notes = ["Versteuerung nach vereinnahmten Entgelten", string.Join(' ', Enumerable.Repeat("Vielen Dank für Ihren Auftrag.", 12))],
    };

    public static InvoiceContent WithLines(InvoiceContent invoice, int lines) => invoice with
    {
        Lines = [.. Enumerable.Range(1, lines).Select(i => invoice.Lines[0] with
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"Lizenz L-{1000 + i}"),
            UnitNet = new(70_00 + i),
        })],
    };

    public static PdfInvoiceRenderer WithLogo() => WithLogo(Png.Logo(260, 100));

    public static PdfInvoiceRenderer WithLogo(byte[] png)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, png);
            return new(Artwork(new VendorOptions { Logo = file }));
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static InvoiceArtwork Artwork(VendorOptions vendor)
    {
        // As the start does it.
        var environment = new Environment();
        vendor.Images = VendorImages.FromFiles(vendor, environment);
        return InvoiceArtwork.Open(Options.Create(vendor), environment);
    }

    private sealed class Environment : IWebHostEnvironment
    {
        public string ApplicationName { get; set; } = "SelfHelpPortal";

        public string EnvironmentName { get; set; } = Environments.Development;

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public string WebRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();
    }
}
