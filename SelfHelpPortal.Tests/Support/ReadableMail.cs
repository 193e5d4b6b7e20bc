using System.Text;
using MimeKit;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A mail as one text to search in.</summary>
internal static class ReadableMail
{
    /// <summary>Headers, both bodies, and of each file its name and its bytes as text.</summary>
    public static string From(string eml)
    {
        using var message = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(eml)));
        var text = new StringBuilder();
        foreach (var header in message.Headers)
        {
            text.AppendLine($"{header.Field}: {header.Value}");
        }

        text.AppendLine(message.TextBody).AppendLine(message.HtmlBody);
        foreach (var file in message.Attachments.OfType<MimePart>())
        {
            using var content = new MemoryStream();
            file.Content!.DecodeTo(content);
            text.AppendLine(file.FileName).AppendLine(Encoding.UTF8.GetString(content.ToArray()));
        }

        return text.ToString();
    }
}
