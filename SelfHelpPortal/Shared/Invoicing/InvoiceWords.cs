using System.Globalization;
using System.Resources;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>What invoices say beside names and figures, in the language of the invoice.</summary>
internal static class InvoiceWords
{
    private static readonly ResourceManager Texts = new(typeof(InvoiceWords));

    public static string Text(string key, string language, params object[] values)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        return string.Format(culture, Texts.GetString(key, culture)
            ?? throw new MissingManifestResourceException($"{nameof(InvoiceWords)} has no text '{key}'."), values);
    }
}
