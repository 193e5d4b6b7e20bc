using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Vendor;

/// <summary>A short mail to a customer, drawn for a vendor that is not stored yet.</summary>
internal sealed class SampleMail(ILoggerFactory loggers, LocalTimes times, PublicAddress address, TimeProvider time)
{
    /// <param name="question">What the mail asks, in the language of the reader.</param>
    /// <returns>The document, in that language.</returns>
    public async Task<string> RenderAsync(VendorSettings typed, string question)
    {
        var vendor = typed.ToOptions(new VendorOptions());
        if (!AccentContrast.IsColor(vendor.Accent?.Light))
        {
            // Half a color, while it is typed.
            vendor.Accent = null;
        }

        var now = time.GetUtcNow();
        var language = Languages.Current;
        var mail = new FlagQuestionMail(new MailRecipient("info@muster-gastro.example", "Muster Gastro GmbH", language))
        {
            MessageId = Guid.Empty,
            CaseNumber = "F-1001",
            ProductId = "muster-pos",
            Product = "Muster POS",
            LicenseNumber = "L-1044",
            Question = question,
            AskedAt = now,
            Answer = new OneTimeLink(address.For("/flag/sample"), now + TimeSpan.FromDays(1)),
        };
        return (await new MailRenderer(loggers, Options.Create(vendor), times, address).RenderAsync(mail)).Html;
    }
}
