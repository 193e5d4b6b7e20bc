namespace SelfHelpPortal.Platform.Vendor;

/// <summary>Who runs the portal. Section <c>Vendor</c>; the defaults are visibly a demo.</summary>
internal sealed class VendorOptions
{
    public const string Section = "Vendor";

    public string Name { get; set; } = "Muster Software GmbH";

    /// <summary>Street, postal code and city, a line each; empty: the demo address. Read it through <see cref="VendorText.AddressLines" />.</summary>
    public IList<string> Address { get; } = [];

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; set; } = "DE";

    public string VatId { get; set; } = "DE000000000";

    public string Register { get; set; } = "Amtsgericht Musterstadt, HRB 00000";

    /// <summary>Who may act for the vendor, for the imprint.</summary>
    public string RepresentedBy { get; set; } = "";

    /// <summary>Printed where a customer is told to call.</summary>
    public string Phone { get; set; } = "+49 30 0000000";

    public string SupportMail { get; set; } = "support@muster-software.example";

    public string? RemoteSupportUrl { get; set; }

    /// <summary>Name of the zone in which people read times, as Europe/Berlin.</summary>
    public string TimeZone { get; set; } = "Europe/Berlin";

    /// <summary>Replaces "Lizenz-Selbsthilfe" / "License self-help".</summary>
    public string? PortalName { get; set; }

    /// <summary>Replaces petrol. The start is refused when it is too pale or too dark to read.</summary>
    public VendorAccent? Accent { get; set; }
}

/// <summary>Colors as #rrggbb: links and buttons, and the same under the pointer; each for light and dark.</summary>
internal sealed class VendorAccent
{
    public string Light { get; set; } = "#0e5a6b";

    public string LightStrong { get; set; } = "#0a4351";

    public string Dark { get; set; } = "#72c6d8";

    public string DarkStrong { get; set; } = "#9bd9e6";
}
