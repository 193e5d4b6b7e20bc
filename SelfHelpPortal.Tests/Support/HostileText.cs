using System.Text;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Texts that make parsers stumble, chosen and mangled by a seed.</summary>
internal static class HostileText
{
    private static readonly string[] Seeds =
    [
        "", " ", "\t", "\r\n", "\u00A0", "\u3000", "0", "-1", "1", "007", "1e999", "NaN", "∞", "99999999999999999999",
            "-9223372036854775808", "0x41", "1,5", "1.5", "½",
        "true", "on", "null", "undefined", "[]", "{}", "{\"a\":1}", "<b>", "&amp;", "'", "\"", "\\", "';--", "%s%n", "{0}", "{{0}}",
        "${7*7}", "@Model", "../../etc/passwd", "C:\\", "//", "/",
        "2026-02-30", "0001-01-01", "9999-12-31", "31.12.9999", "2026-11-30T25:61:61Z", "00000000-0000-0000-0000-000000000000",
        "not-a-guid",
        "ä", "ß", "İ", "ı", "ﬁ", "e\u0301", "\u202E", "\u200B", "\uFEFF", "\u2028", "\u0085", "\u00AD", "👩‍👩‍👧", "\U0001F600",
        "\U000E0001", "\uE000", "\uFFFD", "\u0001", "\u000B", "\u001B[2J", "\u007F",
        "a@b", "a@b.example", "\"a b\"@b.example", "a@[127.0.0.1]", "a@b.example,c@d.example", "a@b.example\r\nBcc: c@d.example", "@",
        "a@@b", "a@xn--80ak6aa92e.example",
        "DE", "de", "EL", "DE123456789", "ATU12345678", "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "javascript:alert(1)", "data:text/html,x",
        "https://muster.example",
        "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "kbhpe5n400baqpqaaqsqpp7fh", "K", "K----", "S-ABCDE-FGHJK", "L-1043", "T-1",
        "H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN",
        "-----BEGIN LSHP REQUEST-----\ne30\n-----END LSHP REQUEST-----\n", "-----BEGIN LSHP REQUEST-----", "e30", "e30.e30.AA", "AAAA",
        "====", "KЕY", "ＫＢＨＰＥ",
    ];

    public static string Make(Seeded random, string current)
    {
        var text = random.Below(4) == 0 && current.Length > 0 ? current : random.Of(Seeds);
        for (var step = random.Below(3); step > 0; step--)
        {
            text = Mangle(random, text);
        }

        return text;
    }

    private static string Mangle(Seeded random, string text) => random.Below(8) switch
    {
        0 => text + random.Of(Seeds),
        1 => random.Of(Seeds) + text,
        2 when text.Length > 0 => text.Remove(random.Below(text.Length), 1),
        3 when text.Length > 0 => text.Insert(random.Below(text.Length), random.Of(Seeds)),
        4 when text.Length is > 0 and < 100 => string.Concat(Enumerable.Repeat(text, 1 + random.Below(200))),
        5 => text.ToUpperInvariant(),
        6 => new string([.. text.Reverse()]),
        _ => text + Character(random),
    };

    /// <summary>Any character of the first plane but the halves of surrogate pairs, which no client library would send.</summary>
    private static char Character(Seeded random) =>
        random.Below(0x10000) is var code && char.IsSurrogate((char)code) ? '\u00FF' : (char)code;

    /// <summary>The bytes of something valid with a few of them changed, cut or doubled.</summary>
    public static byte[] Mangle(Seeded random, byte[] valid)
    {
        var bytes = valid.ToList();
        for (var step = 1 + random.Below(6); step > 0; step--)
        {
            var at = bytes.Count == 0 ? 0 : random.Below(bytes.Count);
            switch (random.Below(7))
            {
                case 0 when bytes.Count > 0:
                    bytes[at] = (byte)random.Below(256);
                    break;
                case 1 when bytes.Count > 0:
                    bytes[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Below(256));
                    break;
                case 3 when bytes.Count > 0:
                    bytes.RemoveRange(at, random.Below(bytes.Count - at + 1));
                    break;
                case 4 when bytes.Count is > 0 and < 20_000:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Below(bytes.Count - at + 1)));
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Of(Seeds)));
                    break;
                default:
                    bytes.AddRange(random.Bytes(random.Below(8)));
                    break;
            }
        }

        return [.. bytes];
    }
}
