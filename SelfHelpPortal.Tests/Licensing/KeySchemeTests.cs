using System.Diagnostics;
using System.Text.Json;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Tests.Licensing;

public class KeySchemeTests
{
    private static readonly KeyScheme Dashed = new() { Pattern = "MP[0-9]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}" };
    private static readonly KeyScheme Plain = new() { Pattern = "[0-9]{8}", StripCharacters = "- ", LowEntropy = true };

    [Theory]
    [InlineData("MP12-AB0D-11EF")]
    [InlineData("  mp12-ab0d-11ef\r\n")]
    [InlineData("MP12\u2013AB0D\u201111EF")]
    [InlineData("ＭＰ１２－ＡＢ０Ｄ－１１ＥＦ")]
    [InlineData("\uFEFFMP12-AB0D\u200B-11EF")]
    public void Brings_a_foreign_key_to_one_form(string input) => Dashed.TryNormalizeForeign(input).ShouldBe("MP12-AB0D-11EF");

    [Theory]
    [InlineData("1234-5678")]
    [InlineData("12 34\u00A056\u202F78")]
    [InlineData("1234\u2014 5678 ")]
    public void Strips_what_does_not_count(string input) => Plain.TryNormalizeForeign(input).ShouldBe("12345678");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MP12-AB0D-11EF-")]
    [InlineData("XMP12-AB0D-11EF")]
    [InlineData("MP12AB0D11EF")]
    [InlineData("MP12-AB0D-11EF\nMP12-AB0D-11EF")]
    [InlineData("\uD800")]
    public void Refuses_what_has_another_format(string? input) => Dashed.TryNormalizeForeign(input).ShouldBeNull();

    [Theory]
    [InlineData("„MP12-AB0D-11EF“")]
    [InlineData("Aktivierungsschlüssel: MP12-AB0D-11EF")]
    [InlineData("Ihr Schlüssel ist mp12-ab0d-11ef.")]
    [InlineData("> Guten Tag,\r\n> der Schlüssel lautet:\r\n> MP12-AB0D-\r\n> 11EF\r\n> Kunde K-10442")]
    [InlineData("MP12/AB0D/11EF")]
    [InlineData("MP12 AB0D 11EF")]
    [InlineData("Key=MP12 - AB0D - 11EF, bitte")]
    [InlineData("MP12-AB0D-11EFMP12-AB0D-11EF")]
    [InlineData("MP12-AB0D-11EF\nMP12-AB0D-11EF")]
    [InlineData("\u041CP12-\u0410\u04120D-11\u0415F")]
    [InlineData("<td>Key</td><td>MP12-AB0D-11EF</td>")]
    public void Finds_a_foreign_key_in_a_text(string text) => Dashed.FindIn(text).ShouldBe(["MP12-AB0D-11EF"]);

    [Fact]
    public void A_loose_format_finds_no_more_than_five()
    {
        var loose = new KeyScheme { Pattern = "[0-9]{4,}" };
        loose.FindIn(string.Join(" ", Enumerable.Range(1000, 1000))).Count.ShouldBe(5);
        loose.FindIn("Guten Tag, ohne Nummer").ShouldBeEmpty();
        KeyScheme.Own.FindIn("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AB CD")]
    [InlineData("ab\tcd")]
    [InlineData("AB\u2003CD")]
    public void A_blank_of_any_kind_that_counts_is_one_blank(string input) =>
        new KeyScheme { Pattern = "AB CD" }.TryNormalizeForeign(input).ShouldBe("AB CD");

    [Fact]
    public void The_longest_text_is_looked_at_and_one_character_more_is_not()
    {
        var scheme = new KeyScheme { Pattern = "A+" };
        scheme.TryNormalizeForeign(new string('A', 4096)).ShouldBe(new string('A', 4096));
        scheme.TryNormalizeForeign(new string('A', 4097)).ShouldBeNull();
    }

    [Fact]
    public void An_alternative_is_tried_in_full() =>
        new KeyScheme { Pattern = "A|AB" }.TryNormalizeForeign("ab").ShouldBe("AB");

    [Fact]
    public void Case_counts_where_the_product_says_so()
    {
        var scheme = new KeyScheme { Pattern = "[a-z]{4}", UpperCase = false };
        scheme.TryNormalizeForeign("abcd").ShouldBe("abcd");
        scheme.TryNormalizeForeign("ABCD").ShouldBeNull();
    }

    [Fact]
    public void Our_own_keys_are_no_foreign_format()
    {
        KeyScheme.Own.IsForeign.ShouldBeFalse();
        KeyScheme.Own.TryNormalizeForeign("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH").ShouldBeNull();
    }

    [Theory]
    [InlineData("MPO1-BB8I", "MP01-88B1")]
    [InlineData("mpo1-l", "MP01-1")]
    public void Fold_makes_confused_keys_equal(string one, string other) => KeyScheme.Fold(one).ShouldBe(KeyScheme.Fold(other));

    [Fact]
    public void Fold_keeps_what_nobody_confuses_apart()
    {
        KeyScheme.Fold("AC23-XYZ").ShouldBe("AC23-XYZ");
        KeyScheme.Fold("A0").ShouldNotBe(KeyScheme.Fold("A1"));
    }

    [Theory]
    [InlineData("[A-Z]{5}", true)]
    [InlineData("a|b", true)]
    [InlineData("[A-Z", false)]
    [InlineData("a)|(b", false)]
    [InlineData(@"(A)\1", false)] // a backreference has no linear time
    [InlineData("(?=A)B", false)]
    public void Says_whether_a_pattern_can_be_used(string pattern, bool usable) => (KeyScheme.ProblemOf(pattern) is null).ShouldBe(usable);

    [Fact]
    public void No_pattern_and_no_input_make_it_slow()
    {
        var scheme = new KeyScheme { Pattern = "(A+)+B" };
        var watch = Stopwatch.StartNew();
        scheme.TryNormalizeForeign(new string('A', 4096)).ShouldBeNull();
        scheme.TryNormalizeForeign(new string('A', 1 << 20) + "B").ShouldBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5)); // with backtracking the first alone would outlast the machine
    }

    [Fact]
    public void Survives_json()
    {
        var json = JsonSerializer.Serialize(Plain);
        JsonSerializer.Deserialize<KeyScheme>(json).ShouldBe(Plain);
        json.ShouldNotContain("IsForeign");
        JsonSerializer.Deserialize<KeyScheme>("{}").ShouldBe(KeyScheme.Own);
    }
}
