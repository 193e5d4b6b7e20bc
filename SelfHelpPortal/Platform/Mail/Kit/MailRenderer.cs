using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail.Kit;

/// <param name="Copy">The text with everything secret masked.</param>
internal sealed record RenderedMail(string Subject, string Html, string Text, string Copy);

/// <summary>Draws a mail once, in the language of its recipient where the vendor offers it.</summary>
internal sealed class MailRenderer(ILoggerFactory loggers, IOptions<VendorOptions> vendor, LocalTimes times, PublicAddress address)
{
    private const int LargestHtml = 30_000;

    // A mail's components get all they show as parameters; those of the framework that a page may ask for belong to a request.
    private static readonly ServiceProvider NoServices = new ServiceCollection().BuildServiceProvider();

    /// <param name="paragraph">What the vendor adds, in Markdown.</param>
    public async Task<RenderedMail> RenderAsync(MailModel mail, string? paragraph = null)
    {
        var culture = CultureInfo.GetCultureInfo(vendor.Value.Nearest(mail.To.Culture));
        var subject = mail.Subject(new MailTexts(mail.GetType(), culture));
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MailLayout.Mail)] = mail,
            [nameof(MailLayout.Paragraph)] = paragraph,
            [nameof(MailLayout.Frame)] = new MailFrame(subject, culture, vendor.Value, times, address.Root),
        });

        // One for each mail: a renderer keeps all that it ever drew.
        await using var renderer = new HtmlRenderer(NoServices, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            return (await renderer.RenderComponentAsync<MailLayout>(parameters)).ToHtmlString();
        });
        if (Encoding.UTF8.GetByteCount(html) > LargestHtml)
        {
            throw new InvalidOperationException($"The mail {mail.Kind} is too large to be shown in full by common readers.");
        }

        return new RenderedMail(subject, html, MailPlainText.From(html), MailPlainText.From(html, mask: true));
    }
}
