using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>What keyboards, mail programs, office programs and hands make of a code; each keeps it readable.</summary>
internal static class Mutilation
{
    /// <summary>Of a code without anything around it.</summary>
    public static readonly IReadOnlyList<(string Name, Func<Seeded, string, string> Apply)> OfTheCode =
    [
        ("lower case", (_, code) => code.ToLowerInvariant()),
        ("one letter in lower case", (random, code) => At(random, code, char.IsAsciiLetterUpper, c => char.ToLowerInvariant(c).ToString())),
        ("O and l", (_, code) => code.Replace('0', 'O').Replace('1', 'l')),
        ("other dashes", (random, code) => code.Replace(
            "-", random.Of(["\u2011", "\u2013", "\u2014", "\u2212", "\uFE63", "\uFF0D", "\u00AD-"]))),
        ("blanks for dashes", (random, code) => code.Replace("-", random.Of([" ", "\u00A0", "\u202F", "\t", "  "]))),
        ("dots, slashes and others for dashes", (random, code) => code.Replace("-", random.Of([".", "/", "_", "·", "|", " / ", "\\"]))),
        ("blanks around dashes", (_, code) => code.Replace("-", " - ")),
        ("no dashes", (_, code) => code.Replace("-", "")),
        ("invisible characters", (random, code) => Between(
            random, code, random.Of(["\u200B", "\u200C", "\u2060", "\uFEFF", "\u00AD", "\uFE0F", "\u202A"]))),
        ("look-alikes", (random, code) => LookAlikes(random, code)),
        ("full width", (_, code) => string.Concat(code.Select(c => char.IsAsciiLetterOrDigit(c) ? (char)(c + 0xFEE0) : c))),
        ("a line end at a dash", (random, code) => At(
            random, code, c => c == '-', c => "-" + random.Of(["\r\n", "\n", "\n> ", "\r\n> > "]))),
        ("formatting inside", (random, code) => At(random, code, c => c == '-', c => "<b>-</b>")),
    ];

    /// <summary>Of a text with the code in it.</summary>
    public static readonly IReadOnlyList<(string Name, Func<Seeded, string, string> Apply)> OfTheText =
    [
        ("quotes", (random, text) => random.Of(["„{0}“", "“{0}”", "\"{0}\"", "'{0}'", "»{0}«", "‚{0}‘", "`{0}`"]).Replace("{0}", text)),
        ("brackets", (random, text) => random.Of(["({0})", "<{0}>", "[{0}]", "{{0}}", "**{0}**"]).Replace("{0}", text)),
        ("a label", (random, text) => random.Of(["Code: ", "Hardwarecode: ", "Ihr Schlüssel lautet:\r\n", "Key=",
            "Aktivierungsschlüssel:\u00A0", "Bestätigungscode – ", "Кассовый ключ: "]) + text),
        ("a full stop", (random, text) => text + random.Of([".", ",", ";", "!", " ", "\r\n", ".\r\n\r\n"])),
        ("a mail around", (random, text) => "Guten Tag,\r\n\r\nanbei der Code unserer Kasse 3 vom 04.12.2026:\r\n\r\n" + text
            + "\r\n\r\nMit freundlichen Grüßen\r\nMuster GmbH, Tel. 030 1234567, Kunde K-10442\r\n"),
        ("an answer", (_, text) => "Am 01.12.2026 schrieb der Kundendienst:\r\n"
            + string.Join("\n", text.Split('\n').Select(line => "> " + line))),
        ("HTML", (random, text) =>
            random.Of(["<td>Code</td><td>{0}</td>", "<p>{0}</p><br>", "<div class=\"x\">{0}<br/></div>"]).Replace("{0}", text)),
        ("entities", (_, text) => "&nbsp;" + text + "&nbsp;&#8203;"),
        ("a carriage return", (_, text) => text.Replace("\n", "\r\n").Replace("\r\r", "\r") + "\r"),
        ("a soft break", (random, text) => Between(random, text, "=\r\n")),
    ];

    /// <summary>Some of the first, the code once or twice, then some of the second.</summary>
    public static string Apply(Seeded random, string code, out string how)
    {
        var names = new List<string>();
        var text = Some(OfTheCode, code);
        text = random.Below(4) switch
        {
            0 => text + random.Of(["\r\n", "\n", " ", ", ", " und noch einmal: "]) + text,
            1 => text + text,
            _ => text,
        };
        text = Some(OfTheText, text);
        how = string.Join(", ", names);
        return text;

        string Some(IReadOnlyList<(string Name, Func<Seeded, string, string> Apply)> kinds, string to)
        {
            // In the order of the list: what a keyboard does comes before what a mail program does to its text.
            foreach (var kind in Enumerable.Range(0, random.Below(4)).Select(_ => random.Below(kinds.Count)).Order())
            {
                names.Add(kinds[kind].Name);
                to = kinds[kind].Apply(random, to);
            }

            return to;
        }
    }

    public static string LookAlikes(Seeded random, string code)
    {
        const string Cyrillic = "AАBВCСEЕHНKКMМPРTТXХYУ";
        const string Greek = "AΑBΒEΕHΗKΚMΜNΝPΡTΤXΧYΥZΖ";
        var table = random.Below(2) == 0 ? Cyrillic : Greek;
        return string.Concat(code.Select(c => table.IndexOf(c) is >= 0 and var at && at % 2 == 0 ? table[at + 1] : c == '1' ? 'ı' : c));
    }

    private static string Between(Seeded random, string code, string what) => code.Insert(1 + random.Below(code.Length - 1), what);

    private static string At(Seeded random, string code, Func<char, bool> where, Func<char, string> becomes)
    {
        var places = Enumerable.Range(0, code.Length).Where(i => where(code[i])).ToList();
        return places is [] ? code : random.Of(places) is var at ? code[..at] + becomes(code[at]) + code[(at + 1)..] : code;
    }
}
