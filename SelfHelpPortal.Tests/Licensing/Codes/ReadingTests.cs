using System.Diagnostics;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>What people and their programs make of a code before it arrives here.</summary>
public class ReadingTests
{
    private const string Key = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH";

    [Theory]
    [InlineData("kbhpe 5n4oo baqpq aaqsq pp7fh")]
    [InlineData("KBHPE.5N400.BAQPQ.AAQSQ.PP7FH")]
    [InlineData("KBHPE_5N400_BAQPQ_AAQSQ_PP7FH")]
    [InlineData("\tKBHPE-5N400-\r\nBAQPQ-AAQSQ-PP7FH\r\n")]
    [InlineData("KBHPE\u20115N400\u2012BAQPQ\u2014AAQSQ\u2212PP7FH")] // no-break hyphen, figure dash, em dash, minus
    [InlineData("KBHPE\u00AD5N400\uFE63BAQPQ\uFF0DAAQSQ\u2015PP7FH")] // soft hyphen, small hyphen, full-width hyphen, bar
    [InlineData("KBHPE\u00A05N400\u202FBAQPQ\u2009AAQSQ\u3000PP7FH")] // no-break, narrow no-break, thin, ideographic space
    // byte order mark, zero widths, word joiner, direction mark
    [InlineData("\uFEFFKBHPE\u200B-5N400\u200C-\u200DBAQPQ-\u2060AAQSQ-PP7FH\u200E")]
    [InlineData("KBHPE\uFE00-5N400\uFE0F-BAQPQ-AAQSQ\u034F-PP7FH")] // the first and the last variation selector, a joiner of graphemes
    [InlineData("ＫＢＨＰＥ－５Ｎ４００－ＢＡＱＰＱ－ＡＡＱＳＱ－ＰＰ７ＦＨ")]
    [InlineData("\u041A\u0412\u041D\u0420\u0415-5N4\u041E\u041E-\u0412\u0410QPQ-\u0410\u0410QSQ-\u0420\u04207F\u041D")] // Cyrillic
    [InlineData("\u039A\u0392\u0397\u03A1\u0395-5\u039D4\u039F\u039F-\u0392\u0391QPQ-AAQSQ-PP7FH")] // Greek
    [InlineData("KBHPE/5N400/BAQPQ/AAQSQ/PP7FH")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FHKBHPE-5N400-BAQPQ-AAQSQ-PP7FH")]
    [InlineData("KBHPE5N400BAQPQAAQSQPP7FHKBHPE5N400BAQPQAAQSQPP7FHKBHPE5N400BAQPQAAQSQPP7FH")]
    [InlineData("„KBHPE-5N400-BAQPQ-AAQSQ-PP7FH“\r\n„KBHPE-5N400-BAQPQ-AAQSQ-PP7FH“")]
    public void Reads_a_key_as_it_was_written(string input)
    {
        ActivationKey.TryParse(input, out var key, out var problem).ShouldBeTrue(problem.ToString());
        key!.ToString().ShouldBe(Key);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u00A0\u200B\r\n")]
    [InlineData("-----")]
    public void Nothing_is_empty(string? input) => Problem(input).ShouldBe(new CodeProblem(CodeProblemKind.Empty));

    [Theory]
    [InlineData("KBHPE-5N4U0-BAQPQ-AAQSQ-PP7FH", CodeProblemKind.LetterU, 2, "5N4U0")]
    [InlineData("KBHPE-5N4u0-BAQPQ", CodeProblemKind.LetterU, 2, "5N4U0")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7F!", CodeProblemKind.ForeignCharacter, 5, "PP7F!")]
    [InlineData("\u0416BHPE-5N400-BAQPQ-AAQSQ-PP7FH", CodeProblemKind.ForeignCharacter, 1, "\u0416BHPE")] // Cyrillic Zhe
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7F\uD800", CodeProblemKind.ForeignCharacter, 5, "PP7F\uFFFD")]
    public void Names_the_group_of_a_character_that_no_code_has(string input, CodeProblemKind kind, int group, string text)
    {
        var problem = Problem(input);
        (problem.Kind, problem.Group, problem.GroupText).ShouldBe((kind, group, text));
    }

    [Fact]
    public void Names_a_hardware_or_verification_code_typed_as_a_key()
    {
        Problem("H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN")
            .ShouldBe(new CodeProblem(CodeProblemKind.WrongKind, Length: 35, Seen: CodeKind.HardwareCode));
        Problem("DY09R-7CM28-BHTSH").ShouldBe(new CodeProblem(CodeProblemKind.WrongKind, Length: 15, Seen: CodeKind.VerificationCode));
        Problem("EY4SR-F9GZP-RS49C").Seen.ShouldBe(CodeKind.EmergencyCode);
        HardwareCode.TryParse(Key, out _, out var problem).ShouldBeFalse();
        problem.Seen.ShouldBe(CodeKind.ActivationKey);
    }

    [Fact]
    public void A_verification_code_wrong_in_every_group_is_still_known_by_its_length() =>
        Problem("D0000-00000-00000").ShouldBe(new CodeProblem(CodeProblemKind.WrongKind, Length: 15, Seen: CodeKind.VerificationCode));

    [Theory]
    [InlineData("D0000-00000", 10)] // neither the check symbols nor the length say anything
    [InlineData("D0000-5N400-BAQPQ", 15)] // the check symbols speak for a key, whatever the length
    public void The_letter_alone_makes_no_other_kind(string input, int length) =>
        Problem(input).ShouldBe(new CodeProblem(CodeProblemKind.TooShort, Length: length));

    [Fact]
    public void A_mistyped_first_letter_is_no_other_kind() =>
        Problem("HBHPE-5N400-BAQPQ-AAQSQ-PP7FH").ShouldBe(new CodeProblem(CodeProblemKind.WrongGroup, 1, "HBHPE", 25));

    [Fact]
    public void A_right_code_of_a_letter_nobody_uses_is_no_key()
    {
        var strange = "XBHP" + CheckSymbols.Compute('K', 0, "XBHP");
        Problem(strange + Key[5..]).ShouldBe(new CodeProblem(CodeProblemKind.WrongGroup, 1, strange, 25));
    }

    [Fact]
    public void A_whole_letter_is_too_long_and_not_a_matter_of_its_first_u() =>
        Problem(string.Concat(Enumerable.Repeat("Guten Tag, unser Rechner ist defekt. ", 3))).Kind.ShouldBe(CodeProblemKind.TooLong);

    [Fact]
    public void The_longest_code_that_is_looked_at_has_64_symbols()
    {
        Problem(new string('A', 63) + 'U').Kind.ShouldBe(CodeProblemKind.LetterU);
        Problem(new string('A', 64) + 'U').ShouldBe(new CodeProblem(CodeProblemKind.TooLong, Length: 65));
    }

    [Fact]
    public void The_longest_text_is_read_and_one_character_more_is_not()
    {
        var handle = Handles.New();
        var token = ReleaseLink.Token(ReleaseSecret.New(), handle, 1);
        var reference = RequestReference.New().ToString();
        foreach (var (text, reads) in ((string, Func<string, bool>)[])
        [
            (Key, text => ActivationKey.TryParse(text, out _, out _)),
            (handle, text => Handles.TryParse(text, out _)),
            (token, text => ReleaseLink.TryParse(text, out _)),
            (reference, text => RequestReference.TryParse(text, out _)),
        ])
        {
            reads(text.PadRight(65_536)).ShouldBeTrue(text);
            reads(text.PadRight(65_537)).ShouldBeFalse(text);
        }

        GroupedCode.TryRead(Key.PadRight(65_537), CodeKind.ActivationKey, out var normalized, out var problem).ShouldBeFalse();
        (normalized, problem).ShouldBe(("", new CodeProblem(CodeProblemKind.TooLong, Length: 65_537)));
    }

    [Fact]
    public void A_megabyte_is_refused_unread()
    {
        var input = string.Concat(Enumerable.Repeat("\uFDFA", 1 << 20)); // one character that NFKC makes eighteen of
        var watch = Stopwatch.StartNew();
        Problem(input).ShouldBe(new CodeProblem(CodeProblemKind.TooLong, Length: 1 << 20));
        Handles.TryParse(input, out _).ShouldBeFalse();
        ReleaseLink.TryParse(input, out _).ShouldBeFalse();
        RequestReference.TryParse(input, out _).ShouldBeFalse();
        watch.Elapsed.ShouldBeLessThan(Reference(), "refusing costs less than normalizing the same text once");

        // The machine's own speed is the measure, so that a slow machine does not fail the test.
        TimeSpan Reference()
        {
            var reference = Stopwatch.StartNew();
            CodeAlphabet.Normalize(input);
            return reference.Elapsed;
        }
    }

    [Fact]
    public void New_keys_are_right_and_differ()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ActivationKey.New()).ToList();
        keys.Distinct().Count().ShouldBe(keys.Count);
        keys.ShouldAllBe(key => Reads(key));
    }

    private static bool Reads(ActivationKey key) => ActivationKey.TryParse(key.ToString(), out var read, out _) && read == key;

    private static CodeProblem Problem(string? input)
    {
        ActivationKey.TryParse(input, out var key, out var problem).ShouldBeFalse();
        key.ShouldBeNull();
        return problem;
    }
}
