using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.Billing;
using static SelfHelpPortal.Platform.Vendor.VendorText;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>The texts of <see cref="InvoicingComplaint"/>.</summary>
internal static class InvoicingWords
{
    public static readonly ResourceManager Texts = new(typeof(InvoicingWords));
}

/// <summary>Why no invoice can be made: a text of <see cref="InvoicingWords"/> and what is put into it.</summary>
internal sealed record InvoicingComplaint(string Word, params string[] Values)
{
    public string In(CultureInfo culture) => string.Format(
        culture, InvoicingWords.Texts.GetString(Word, culture)
        ?? throw new MissingManifestResourceException($"{nameof(InvoicingWords)} has no text '{Word}'."), Values);
}

/// <summary>Another part's condition, asked once: what stands in the way of invoices, or nothing.</summary>
internal delegate IEnumerable<InvoicingComplaint> InvoicingCondition(VendorOptions vendor);

/// <summary>
/// Whether the vendor's settings are enough for an invoice, and the seller that stands on it. The portal starts without, because licenses
/// are released without invoices too; but none is issued until <see cref="Complaints"/> is empty.
/// </summary>
internal sealed partial class VendorInvoicing(
    IOptions<VendorOptions> vendor, IOptions<TaxOptions> tax, IHostEnvironment environment, IEnumerable<InvoicingCondition> conditions)
{
    // Asked for often and by many, and worked out again only when the vendor's data are others.
    private volatile Judgement? _judged;

    public IReadOnlyList<InvoicingComplaint> Complaints => Judged().Complaints;

    /// <summary>Null while there are complaints.</summary>
    public InvoiceSeller? Seller => Judged() is { Complaints.Count: 0 } judged ? SellerOf(judged.Vendor) : null;

    public bool SmallBusiness => vendor.Value.SmallBusiness;

    public EuConsumers EuConsumers => tax.Value.EuConsumers;

    private Judgement Judged()
    {
        var now = vendor.Value;
        if (_judged is { } known && ReferenceEquals(known.Vendor, now))
        {
            return known;
        }

        return _judged = new(now, [.. OwnComplaints(now, environment), .. conditions.SelectMany(condition => condition(now))]);
    }

    private static IEnumerable<InvoicingComplaint> OwnComplaints(VendorOptions vendor, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment() && DemoKeys(vendor) is { Count: > 0 } demo)
        {
            yield return new("Demo", string.Join(", ", demo));
        }

        if (vendor.Country != Countries.Germany)
        {
            yield return new("Country", vendor.Country);
        }

        if (Given(vendor.VatId) is null && Given(vendor.Register) is null && Given(vendor.SellerId) is null)
        {
            yield return new("Number");
        }

        if (Given(vendor.VatId) is { } vatId && VatIds.Normalize(vatId) is var normal
            && (VatIds.CountryOf(normal) != Countries.Germany || !VatIds.IsWellFormed(normal)))
        {
            yield return new("VatId", vatId);
        }

        if (!vendor.TaxNumber.Any(char.IsAsciiDigit))
        {
            yield return new("TaxNumber");
        }

        if (AddressOf(vendor) is null)
        {
            yield return new("Address");
        }

        foreach (var (key, mail) in new[] { (nameof(vendor.BillingMail), vendor.BillingMail),
            (nameof(vendor.ContactMail), ContactMail(vendor)) })
        {
            if (VendorMailbox.AddressOf(mail) is null)
            {
                yield return new("Mail", key, mail);
            }
        }

        if (Given(vendor.ContactName) is null)
        {
            yield return new("ContactName");
        }

        if (ContactPhone(vendor) is var phone && phone.Count(char.IsAsciiDigit) < 3)
        {
            yield return new("ContactPhone", phone);
        }

        if (!Iban.IsValid(Iban.Normalize(vendor.Iban)))
        {
            yield return new("Iban", vendor.Iban);
        }

        if (Given(vendor.Bic) is { } bic && !VendorRules.IsBic(bic))
        {
            yield return new("Bic", bic);
        }

        if (!VendorRules.IsDaysToPay(vendor.PaymentDays))
        {
            yield return new("PaymentDays", vendor.PaymentDays.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Money must not go to the demo's account, nor an invoice out in its name.</summary>
    private static List<string> DemoKeys(VendorOptions vendor)
    {
        var demo = new VendorOptions();
        return
        [
            .. new (string Key, string Mine, string Demos)[]
            {
                (nameof(demo.Name), vendor.Name, demo.Name),
                (nameof(demo.Address), string.Join('\n', vendor.AddressLines()), string.Join('\n', demo.AddressLines())),
                (nameof(demo.VatId), vendor.VatId, demo.VatId),
                (nameof(demo.Register), vendor.Register, demo.Register),
                (nameof(demo.TaxNumber), vendor.TaxNumber, demo.TaxNumber),
                (nameof(demo.BillingMail), vendor.BillingMail, demo.BillingMail),
                (nameof(demo.Iban), Iban.Normalize(vendor.Iban), Iban.Normalize(demo.Iban)),
            }.Where(pair => pair.Mine == pair.Demos).Select(pair => $"{VendorOptions.Section}:{pair.Key}"),
        ];
    }

    private static InvoiceSeller SellerOf(VendorOptions vendor)
    {
        var (street, postalCode, city) = AddressOf(vendor)!.Value;
        return new InvoiceSeller
        {
            Name = vendor.Name.Trim(),
            SellerId = Given(vendor.SellerId),
            Register = Given(vendor.Register),
            RepresentedBy = Given(vendor.RepresentedBy),
            VatId = Given(vendor.VatId) is { } vatId ? VatIds.Normalize(vatId) : null,
            TaxNumber = Given(vendor.TaxNumber),
            Street = street,
            PostalCode = postalCode,
            City = city,
            Country = vendor.Country,
            BillingMail = vendor.BillingMail.Trim(),
            ContactName = vendor.ContactName.Trim(),
            ContactPhone = ContactPhone(vendor),
            ContactMail = ContactMail(vendor),
            Iban = Iban.Normalize(vendor.Iban),
            Bic = Given(vendor.Bic),
        };
    }

    /// <summary>Null when the last line is not a German postal code and a city, or there is no other line.</summary>
    private static (string Street, string PostalCode, string City)? AddressOf(VendorOptions vendor)
    {
        var lines = vendor.AddressLines().Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return lines.Count > 1 && CityLine().Match(lines[^1]) is { Success: true } city
            ? (string.Join(", ", lines[..^1]), city.Groups[1].Value, city.Groups[2].Value)
            : null;
    }

    private static string ContactPhone(VendorOptions vendor) => Given(vendor.ContactPhone) ?? vendor.Phone;

    private static string ContactMail(VendorOptions vendor) => Given(vendor.ContactMail) ?? vendor.BillingMail;

    [GeneratedRegex(@"^([0-9]{5})\s+(\S.*)$")]
    private static partial Regex CityLine();

    private sealed record Judgement(VendorOptions Vendor, IReadOnlyList<InvoicingComplaint> Complaints);
}

/// <summary>Tells the operator at the start what the desk tells staff.</summary>
internal sealed partial class InvoicingNotice(VendorInvoicing invoicing, ILogger<InvoicingNotice> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var complaint in invoicing.Complaints)
        {
            Refused(log, complaint.In(CultureInfo.GetCultureInfo("en")));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1501, LogLevel.Warning, "No invoices are issued: {Sentence}")]
    private static partial void Refused(ILogger log, string sentence);
}
