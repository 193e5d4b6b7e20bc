using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>What programs make of a text on its way to the field is undone, and nothing else is changed.</summary>
public class PastedTextTests
{
    private const string Key = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH";

    [Theory]
    [InlineData("b")]
    [InlineData("i")]
    [InlineData("u")]
    [InlineData("s")]
    [InlineData("em")]
    [InlineData("tt")]
    [InlineData("wbr")]
    [InlineData("sub")]
    [InlineData("sup")]
    [InlineData("span")]
    [InlineData("font")]
    [InlineData("code")]
    [InlineData("mark")]
    [InlineData("small")]
    [InlineData("strong")]
    [InlineData("a")]
    public void Formatting_inside_a_word_leaves_it_whole(string tag)
    {
        PastedText.Plain($"Kas<{tag}>s</{tag}>e").ShouldBe("Kasse");
        PastedText.Plain($"Kas<{tag.ToUpperInvariant()} class=\"x\">s</{tag}>e<{tag}/>").ShouldBe("Kasse");
    }

    [Theory]
    [InlineData("p")]
    [InlineData("br")]
    [InlineData("td")]
    [InlineData("div")]
    [InlineData("h1")]
    [InlineData("li")]
    [InlineData("blockquote")]
    [InlineData("o:p")]
    public void Any_other_tag_ends_a_line(string tag) => PastedText.Plain($"Kasse<{tag}>Kunde").ShouldBe("Kasse\nKunde");

    [Theory]
    [InlineData("<KBHPE-5N400>", "<KBHPE-5N400>")]
    [InlineData("1 < 2 > 0", "1 < 2 > 0")]
    [InlineData("Kasse &amp; Kunde", "Kasse & Kunde")]
    [InlineData("Kasse & Kunde", "Kasse & Kunde")]
    [InlineData("a=b", "a=b")]
    [InlineData("Gr=C3=BC=C3=9Fe", "Grüße")]
    [InlineData("KBHPE-5N=\r\n400=20\r\n", "KBHPE-5N400 \r\n")]
    [InlineData("x=3D9 y=20z", "x=9 y z")]
    [InlineData("SHARE=20x", "SHARE=20x")]
    [InlineData("> > Kasse\r\n| Kunde\r\n\t> 5 > 3", "Kasse\r\nKunde\r\n5 > 3")]
    public void Marks_of_mail_programs_go_and_signs_of_a_writer_stay(string pasted, string plain) =>
        PastedText.Plain(pasted).ShouldBe(plain);

    [Theory]
    [InlineData("kbhpe ЅН٣", "KBHPE SH3")]
    [InlineData("Ω\u200Bß", "Ωß")]
    [InlineData("\u007F\u0080", "\u007F\u0080")]
    public void Capitals_are_ours_as_far_as_they_look_like_ours(string text, string capitals) =>
        PastedText.Capitals(text).ShouldBe(capitals);

    [Theory]
    [InlineData("Schlüssel: A 7", new[] { " A 7" })]
    [InlineData("Nr # A=7", new[] { "7" })]
    [InlineData(":A", new[] { "A" })]
    [InlineData("Kasse – Nr. 3 - A 7", new[] { "A 7" })]
    [InlineData("Kasse: x - A 7", new[] { " x - A 7", "A 7" })]
    [InlineData("PC-2019", new string[0])]
    public void Behind_a_label_a_code_may_begin(string line, string[] rest) => PastedText.WithoutLabels(line).ShouldBe(rest);

    [Theory]
    [InlineData("Ihr Schlüssel: \"PC-2019\".", "PC-2019")]
    [InlineData("Schlüssel - PC 2019", "PC 2019")]
    [InlineData("PC 2019\r\n7F3A", "PC-2019-7F3A", "PC20197F3A", "PC 2019 7F3A")]
    [InlineData("Key=PC-2019", "PC-2019")]
    public void A_vendors_key_is_a_passage_of_its_text(string text, params string[] keys) =>
        keys.ShouldBeSubsetOf(PastedText.Passages(text));

    [Fact]
    public void Passages_have_a_digit_and_end_at_two_hundred_characters()
    {
        var word = new string('A', 100);
        PastedText.Passages($"{word} 1{word[1..]}").ShouldContain($"{word}1{word[1..]}");
        PastedText.Passages($"{word} 1{word}").ShouldNotContain($"{word}1{word}");
        PastedText.Passages("eins zwei").ShouldNotContain("einszwei");
        PastedText.Passages("1 2 3 4 5 6").ShouldContain("12345");
        PastedText.Passages("1 2 3 4 5 6").ShouldNotContain("123456");
    }

    [Fact]
    public void Every_right_key_of_a_text_is_found_once_in_its_order()
    {
        var other = Vectors.All.ActivationKeys[1];
        CodeFinder.FindAll($"neu {other}, alt {Key}; noch einmal {Key.ToLowerInvariant()}", CodeKind.ActivationKey).ShouldBe([other, Key]);
        CodeFinder.FindAll(Key, CodeKind.ActivationKey).ShouldBe([Key]);
        CodeFinder.FindAll(null, CodeKind.ActivationKey).ShouldBeEmpty();
        CodeFinder.FindAll("kein Schlüssel, Kasse 3", CodeKind.ActivationKey).ShouldBeEmpty();
    }

    [Fact]
    public void Of_which_kind_a_code_is_stands_in_it()
    {
        CodeFinder.KindIn($"mein Code: {Key}").ShouldBe(CodeKind.ActivationKey);
        CodeFinder.KindIn("H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN").ShouldBe(CodeKind.HardwareCode);
        CodeFinder.KindIn("Kasse 3").ShouldBeNull();
        CodeFinder.KindIn(null).ShouldBeNull();
    }

    [Fact]
    public void Words_are_looked_for_in_the_first_64_ki_characters()
    {
        CodeFinder.PlainText("<p>Kasse</p>").ShouldBe("\nKasse\n");
        CodeFinder.PlainText(new string('x', PastedText.MaxLength) + "y").ShouldBe(new string('x', PastedText.MaxLength));
    }
}
