using System.Text;
using MimeKit;

namespace SelfHelpPortal.Platform.Mail.Preview;

/// <summary>A mail as its recipient sees it.</summary>
internal sealed class EmlFile(MimeMessage message)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } =
        [.. message.Headers.Concat(message.Body?.Headers ?? []).Select(h => new KeyValuePair<string, string>(h.Field, h.Value))];

    public string Text => message.TextBody ?? "";

    public string Html => message.HtmlBody ?? "";

    /// <summary>File names.</summary>
    public IReadOnlyList<string> Attachments => [.. message.Attachments.Select(a => a.ContentDisposition?.FileName ?? "")];

    public string Header(string name) => Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    public static EmlFile Parse(string eml)
    {
        using var content = new MemoryStream(Encoding.Latin1.GetBytes(eml));
        return new EmlFile(MimeMessage.Load(content));
    }
}
