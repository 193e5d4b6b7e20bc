using System.Text;
using System.Text.RegularExpressions;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Platform.Mail.Preview;

/// <summary>Reads what <see cref="PickupTransport"/> writes; no general reader of mails.</summary>
internal sealed partial class EmlFile
{
    private readonly List<(string Type, string Disposition, byte[] Content)> _parts = [];

    private EmlFile(List<KeyValuePair<string, string>> headers, string body)
    {
        Headers = headers;
        Collect(headers, body);
    }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public string Text => TextOf("text/plain");

    public string Html => TextOf("text/html");

    /// <summary>File names.</summary>
    public IReadOnlyList<string> Attachments => [.. _parts.Where(p => p.Disposition.Length > 0).Select(p => Parameter(p.Disposition, "filename"))];

    public string Header(string name) => Find(Headers, name);

    public static EmlFile Parse(string eml)
    {
        var (headers, body) = Split(eml.ReplaceLineEndings("\n"));
        return new EmlFile(headers, body);
    }

    private string TextOf(string type) =>
        Encoding.UTF8.GetString(_parts.Find(p => p.Disposition.Length == 0 && p.Type.StartsWith(type, StringComparison.OrdinalIgnoreCase)).Content ?? []);

    private void Collect(List<KeyValuePair<string, string>> headers, string body)
    {
        var type = Find(headers, "Content-Type");
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var part in body.Split("--" + Parameter(type, "boundary"))[1..^1])
            {
                var (inner, content) = Split(part.TrimStart('\n'));
                Collect(inner, content);
            }

            return;
        }

        var isBase64 = Find(headers, "Content-Transfer-Encoding").Equals("base64", StringComparison.OrdinalIgnoreCase);
        _parts.Add((type, Find(headers, "Content-Disposition"), isBase64 ? Convert.FromBase64String(body) : Encoding.UTF8.GetBytes(body)));
    }

    private static (List<KeyValuePair<string, string>> Headers, string Body) Split(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in Folded().Replace(text[..end], " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.Add(new(line[..colon], Decode(line[(colon + 1)..].Trim())));
            }
        }

        return (headers, text[(end + 2)..]);
    }

    private static string Find(IEnumerable<KeyValuePair<string, string>> headers, string name) =>
        headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    private static string Parameter(string value, string name) =>
        Regex.Match(value, name + """=(?:"(?<v>[^"]*)"|(?<v>[^;\s]+))""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant).Groups["v"].Value;

    /// <summary>RFC 2047 words as the library writes them: UTF-8, Q or B.</summary>
    private static string Decode(string value) => EncodedWord().Replace(WordsApart().Replace(value, "?==?"), word =>
    {
        var text = word.Groups["text"].Value;
        return Encoding.UTF8.GetString(word.Groups["how"].Value is "B" or "b" ? Convert.FromBase64String(text) : Unquote(text));
    });

    private static byte[] Unquote(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)(text[i] == '_' ? ' ' : text[i]));
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex Folded();

    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex WordsApart();

    [GeneratedRegex(@"=\?utf-8\?(?<how>[QqBb])\?(?<text>[^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();
}
