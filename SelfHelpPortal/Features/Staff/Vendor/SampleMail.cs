using System.Globalization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Staff.Vendor;

/// <summary>A mail that customers get often, drawn for a vendor that is not stored yet.</summary>
internal sealed class SampleMail(ILoggerFactory loggers, LocalTimes times, PublicAddress address, TimeProvider time)
{
    /// <returns>The document, in the language of the reader.</returns>
    public async Task<string> RenderAsync(VendorSettings typed)
    {
        var vendor = typed.ToOptions(new VendorOptions());
        if (!AccentContrast.IsColor(vendor.Accent?.Light))
        {
            // Half a color, while it is typed.
            vendor.Accent = null;
        }

        var now = time.GetUtcNow();
        var mail = new ReleasedMail(
            new MailRecipient("info@muster-gastro.example", "Muster Gastro GmbH", CultureInfo.CurrentUICulture.TwoLetterISOLanguageName))
        {
            ProductId = "muster-pos",
            Product = "Muster POS",
            Handle = "sample",
            Generation = 1,
            LicenseNumber = "L-1044",
            PcName = "KASSE-1",
            ReleasedAt = now,
            Method = ReleaseMethod.ActivationKey,
            Objection = new OneTimeLink(address.For("/object/sample"), now + TimeSpan.FromDays(1)),
        };
        return (await new MailRenderer(loggers, Options.Create(vendor), times, address).RenderAsync(mail)).Html;
    }
}
