using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;

namespace SelfHelpPortal.Platform.Mail;

/// <summary>
/// The resources of one kind of mail in one language. A missing text throws, because a mail with a raw key in it would be sent for ever.
/// What is put into a text loses its control characters first.
/// </summary>
public sealed class MailTexts(Type owner, CultureInfo culture)
{
    private static readonly ConcurrentDictionary<Type, ResourceManager> Resources = new();

    public CultureInfo Culture { get; } = culture;

    public string this[string key] =>
        Resources.GetOrAdd(owner, type => new ResourceManager(type)).GetString(key, Culture)
        ?? throw new MissingManifestResourceException($"{owner.Name} has no text '{key}'.");

    public string this[string key, params ReadOnlySpan<object?> values]
    {
        get
        {
            var clean = new object?[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                clean[i] = values[i] is string text ? UntrustedText.OneLine(text) : values[i];
            }

            return string.Format(Culture, this[key], clean);
        }
    }
}
