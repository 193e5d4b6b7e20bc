extern alias wizard;

using System.Globalization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Client;

/// <summary>The sample program writes times as the portal does.</summary>
public class WizardTimeTests
{
    [Theory]
    [InlineData("de", "Europe/Berlin", "2026-11-21T07:14:00Z")]
    [InlineData("en", "Europe/Berlin", "2026-11-21T07:14:00Z")]
    [InlineData("de", "America/New_York", "2026-07-01T03:59:59Z")]
    [InlineData("en", "America/New_York", "2026-07-01T03:59:59Z")]
    [InlineData("en", "Asia/Kolkata", "2026-12-31T23:30:00Z")]
    [InlineData("de", "UTC", "2027-01-01T00:00:00Z")]
    public void A_time_reads_the_same_in_the_program_and_in_the_portal(string language, string zone, string at)
    {
        var (culture, instant) = (CultureInfo.GetCultureInfo(language), DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        var portal = new LocalTimes(Options.Create(new VendorOptions { TimeZone = zone }));

        new wizard::LicenseWizard.Texts(culture).Date(instant, TimeZoneInfo.FindSystemTimeZoneById(zone))
            .ShouldBe(portal.DateAndTime(instant, culture));
    }
}
