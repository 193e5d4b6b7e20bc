using System.Globalization;
using System.Resources;

namespace SelfHelpPortal.Client;

/// <summary>The few sentences this library writes itself: ClientTexts.resx (English) and ClientTexts.de.resx.</summary>
internal sealed class ClientTexts(CultureInfo language)
{
    private static readonly ResourceManager Resources = new(typeof(ClientTexts));

    public string this[string key, params object[] arguments] =>
        string.Format(language, Resources.GetString(key, language) ?? throw new MissingManifestResourceException(key), arguments);
}
