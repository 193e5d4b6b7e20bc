using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

public class CodeFinderTests
{
    private const string Key = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH";

    private static readonly string[] Mails =
    [
        """
        Sehr geehrte Damen und Herren,

        vielen Dank für Ihre Bestellung bei der Muster GmbH. Ihr Aktivierungsschlüssel lautet:
            {0}
        Kassensoftware Muster POS, Version 12.4, Kunde K-10442, Rechnung 2026-00042 vom 12.03.2026.

        Mit freundlichen Grüßen
        Ihr Kundendienst
        """,
        """
        Dear customer,
        thank you for your order. Your activation key is {0}. Keep it in a safe place.
        Kind regards, Muster Ltd, www.muster.example.org, +49 30 1234567
        """,
        "> Guten Tag,\r\n> der Schlüssel ist {0}\r\n> Hardwarecode H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN, Code DY09R-7CM28-BHTSH\r\n",
        "Key:{0}",
        "<td>Schlüssel</td><td>{0}</td>",
        "{0}",
        "Kassen-Programm-Version-2026-1, Komplettpaket Kasse (Key \"{0}\"), Kulanz bis 31.12.",
    ];

    private static readonly Func<string, string>[] Spellings =
    [
        key => key,
        key => key.ToLowerInvariant(),
        key => key.Replace("-", ""),
        key => key.Replace('-', ' '),
        key => key.Replace('-', '\u2011'),
        key => key.Replace("-", "\u200B-\u200B"),
        key => key.Replace('0', 'O').Replace('1', 'l'),
        key => key[..12] + "\r\n> " + key[12..],
    ];

    [Fact]
    public void Finds_the_key_in_german_and_english_mails_however_it_is_spelled() => Prop.ForAll(Generated.Key, code =>
    {
        var key = string.Join("-", code.Chunk(5).Select(group => new string(group)));
        foreach (var mail in Mails)
        {
            foreach (var spelling in Spellings)
            {
                var pasted = string.Format(mail, spelling(key));
                FindKey(pasted).ShouldBe(key, pasted);
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void The_first_of_two_keys_counts() =>
        FindKey($"alt {Key} neu {Vectors.All.ActivationKeys[1]}").ShouldBe(Key);

    [Theory]
    [InlineData("KBHPE-5N500-BAQPQ-AAQSQ-PP7FH", CodeProblemKind.WrongGroup)]
    [InlineData("KBHPE 5N500 BAQPQ AAQSQ PP7FH", CodeProblemKind.WrongGroup)]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7F", CodeProblemKind.TooShort)]
    [InlineData("KBHPE-5N4000-BAQPQ-AAQSQ-PP7FH", CodeProblemKind.TooLong)]
    [InlineData("KBHPE-5N4U0-BAQPQ-AAQSQ-PP7FH", CodeProblemKind.LetterU)]
    [InlineData("KXXXX-5N500-BAXPQ-AAXSQ-PX7FH", CodeProblemKind.WrongGroup)]
    public void A_mistyped_key_is_found_so_that_the_error_can_be_named(string mistyped, CodeProblemKind kind)
    {
        var found = FindKey($"Guten Tag, mein Schlüssel ist {mistyped}, bitte um Hilfe.");
        ActivationKey.TryParse(found, out _, out var problem).ShouldBeFalse();
        problem.Kind.ShouldBe(kind);
    }

    /// <summary>Only so much may stand between two symbols, and only what separates.</summary>
    [Theory]
    [InlineData("KBHPE5N400----------------BAQPQ>\r\n> AAQSQPP7FH", true)]
    [InlineData("KBHPE5N400-----------------BAQPQAAQSQPP7FH 7", false)]
    [InlineData("KBHPE-5N400-BA!QPQ-AAQSQ-PP7FH", false)]
    [InlineData("KBHPE-5N400-BAÄQPQ-AAQSQ-PP7FH", false)]
    public void A_gap_has_up_to_sixteen_separators(string text, bool isKey) => FindKey(text).ShouldBe(isKey ? Key : null);

    [Theory]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FH", true)]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FH.", true)]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FH 2026", true)]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FH-2026", true)]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FHU", false)]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FHÜ", false)]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FH7", false)]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ", false)]
    public void A_key_is_a_whole_word(string text, bool isKey) => FindKey(text).ShouldBe(isKey ? Key : null);

    [Fact]
    public void A_right_key_wins_over_a_mistyped_one_before_it() =>
        FindKey($"KBHPE-5N500-BAQPQ-AAQSQ-PP7FH? Nein: {Key}").ShouldBe(Key);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(
        "Kraftfahrzeughaftpflichtversicherung und Kassenprogramm, keine Nummer, Kunde K-10442, Kasse 3 im Keller, Kartenleser 55555")]
    [InlineData("Kassen-Programm-Version-2026-1 Kunden-Nummer-10442-Kassel-34117")]
    [InlineData("Hardwarecode H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN")]
    [InlineData("XKBHPE-5N400-BAQPQ-AAQSQ-PP7FH")]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FHX")]
    public void Finds_nothing_where_no_key_is(string? text) => FindKey(text).ShouldBeNull();

    [Fact]
    public void Reads_the_first_64_ki_characters_and_no_more()
    {
        FindKey(new string(' ', 60_000) + Key).ShouldBe(Key);
        FindKey(new string(' ', 66_000) + Key).ShouldBeNull();

        // Every character a possible start: the work must stay linear.
        var watch = Stopwatch.StartNew();
        FindKey(string.Concat(Enumerable.Repeat("K ", 1 << 19))).ShouldBeNull();
        FindKey(string.Concat(Enumerable.Repeat("K0-", 1 << 19))).ShouldBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static string? FindKey(string? text) => CodeFinder.Find(text, CodeKind.ActivationKey);
}
