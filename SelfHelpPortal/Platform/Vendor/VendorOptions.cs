using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// Who runs the portal. Section <c>Vendor</c>, or what an administrator has stored (<see cref="CurrentVendor"/>); the defaults are visibly
/// a demo.
/// </summary>
internal sealed class VendorOptions
{
    public const string Section = "Vendor";

    public string Name { get; set; } = "Muster Software GmbH";

    /// <summary>
    /// Street, postal code and city, a line each; empty: the demo address. Read it through <see cref="VendorText.AddressLines" />.
    /// </summary>
    public IList<string> Address { get; } = [];

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; set; } = "DE";

    /// <summary>BT-31; the demo's has the right check digit, like every number below.</summary>
    public string VatId { get; set; } = "DE000000003";

    public string Register { get; set; } = "Amtsgericht Musterstadt, HRB 00000";

    /// <summary>The number at the tax office, BT-32.</summary>
    public string TaxNumber { get; set; } = "00/000/00000";

    /// <summary>BT-29: what a seller without <see cref="Register"/> is known by.</summary>
    public string? SellerId { get; set; }

    /// <summary>Who may act for the vendor, for imprint, mails and invoices.</summary>
    public string RepresentedBy { get; set; } = "";

    /// <summary>Printed where a customer is told to call.</summary>
    public string Phone { get; set; } = "+49 30 0000000";

    /// <summary>When somebody answers it, as "Mo–Fr 8–17 Uhr"; empty: not said.</summary>
    public string? PhoneHoursDe { get; set; }

    /// <inheritdoc cref="PhoneHoursDe"/>
    public string? PhoneHoursEn { get; set; }

    public string SupportMail { get; set; } = "support@muster-software.example";

    /// <summary>Whom somebody tells who found a hole: an e-mail address or an https address. Empty: <see cref="SupportMail"/>.</summary>
    public string? SecurityContact { get; set; }

    /// <summary>Where invoices come from, BT-34.</summary>
    public string BillingMail { get; set; } = "billing@muster-software.example";

    /// <summary>Whom a buyer asks about an invoice, BT-41.</summary>
    public string ContactName { get; set; } = "Lizenz-Team";

    /// <summary>Empty: <see cref="Phone"/>.</summary>
    public string? ContactPhone { get; set; }

    /// <summary>Empty: <see cref="BillingMail"/>.</summary>
    public string? ContactMail { get; set; }

    /// <summary>The default is the sample of ISO 13616's registry.</summary>
    public string Iban { get; set; } = "DE89 3704 0044 0532 0130 00";

    public string? Bic { get; set; }

    /// <summary>Days from the date of issue.</summary>
    public int PaymentDays { get; set; } = 14;

    /// <summary>§ 19 UStG: no tax is shown.</summary>
    public bool SmallBusiness { get; set; }

    /// <summary>§ 20 UStG: taxed on receipts, which invoices must say from 2028 on.</summary>
    public bool CashAccounting { get; set; }

    /// <summary>Path of a TrueType file; empty: the one inside.</summary>
    public string? Font { get; set; }

    public string? FontBold { get; set; }

    /// <summary>Paths of further TrueType files, for the letters that the two do not have (Japanese, Chinese); at most eight.</summary>
    public IList<string> Fonts { get; } = [];

    /// <summary>Path of a PNG for pages, invoices and key cards; empty: the one that an administrator stored, or none.</summary>
    public string? Logo { get; set; }

    /// <summary>The same for dark pages.</summary>
    public string? LogoDark { get; set; }

    /// <summary>Path of a square PNG for the tabs of browsers; empty: as with <see cref="Logo"/>, else the portal's own.</summary>
    public string? Icon { get; set; }

    /// <summary>Words of the button that orders, {0} is the total; empty: "Zahlungspflichtig bestellen: {0}" (§ 312j(3) BGB).</summary>
    public string? OrderButtonDe { get; set; }

    /// <inheritdoc cref="OrderButtonDe"/>
    public string? OrderButtonEn { get; set; }

    /// <summary>Terms and conditions: an https address, or the text in Markdown. Empty: the other language's, or none.</summary>
    public string? TermsDe { get; set; }

    /// <inheritdoc cref="TermsDe"/>
    public string? TermsEn { get; set; }

    /// <summary>What consumers are told about withdrawing from a contract, given like <see cref="TermsDe"/>.</summary>
    public string? WithdrawalDe { get; set; }

    /// <inheritdoc cref="WithdrawalDe"/>
    public string? WithdrawalEn { get; set; }

    public string? RemoteSupportUrl { get; set; }

    public OfferedLanguages Languages { get; set; }

    /// <summary>Name of the zone in which people read times, as Europe/Berlin.</summary>
    public string TimeZone { get; set; } = "Europe/Berlin";

    /// <summary>Replaces "Lizenz-Selbsthilfe" / "License self-help".</summary>
    public string? PortalName { get; set; }

    /// <summary>Replaces petrol. The start is refused when it is too pale or too dark to read.</summary>
    public VendorAccent? Accent { get; set; }

    /// <param name="path">Of <see cref="VendorSettings.ImagePaths"/>.</param>
    /// <returns>The path of its file; null without one.</returns>
    internal string? FileAt(string path) => VendorText.Given(path switch
    {
        "logo" => Logo,
        "logoDark" => LogoDark,
        "icon" => Icon,
        _ => null,
    });

    /// <summary>The pictures themselves, from the files or the database.</summary>
    internal VendorImages Images { get; set; } = VendorImages.None;
}

/// <summary>Section <c>Tax</c>: what the law leaves to the vendor.</summary>
internal sealed class TaxOptions
{
    public const string Section = "Tax";

    public EuConsumers EuConsumers { get; set; }
}

/// <summary>Colors as #rrggbb: links and buttons, and the same under the pointer; each for light and dark.</summary>
internal sealed class VendorAccent
{
    public string Light { get; set; } = "#0e5a6b";

    public string LightStrong { get; set; } = "#0a4351";

    public string Dark { get; set; } = "#72c6d8";

    public string DarkStrong { get; set; } = "#9bd9e6";

    /// <summary>Whether these are the portal's own, which site.css has.</summary>
    internal bool IsPortals => Colors().SequenceEqual(new VendorAccent().Colors(), StringComparer.OrdinalIgnoreCase);

    private string[] Colors() => [Light, LightStrong, Dark, DarkStrong];
}
