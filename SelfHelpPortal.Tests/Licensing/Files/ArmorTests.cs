using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Tests.Licensing.Files;

public class ArmorTests
{
    private static readonly string Content = string.Concat(Enumerable.Range(0, 200).Select(i => "abcXYZ019-_."[i % 12]));

    [Fact]
    public void Folds_at_64_columns_between_its_two_lines()
    {
        var lines = Armor.Wrap(ArmorKind.License, Content).Split('\n');
        lines[0].ShouldBe("-----BEGIN LSHP LICENSE-----");
        lines[1..4].ShouldAllBe(line => line.Length == 64);
        lines[4].Length.ShouldBe(200 - (3 * 64));
        lines[5].ShouldBe("-----END LSHP LICENSE-----");
        lines[6].ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\n", "\r\n")]
    [InlineData("\n", "\n> ")]
    [InlineData("\n", "  \n\t")]
    [InlineData("-----BEGIN", "Guten Tag,\nhier ist die Datei:\n-----BEGIN")]
    [InlineData("LICENSE-----\n", "LICENSE-----\n\n")]
    [InlineData("-----", "----")]
    [InlineData("-----", "---")]
    [InlineData("-----", "\u2014\u2013")]
    [InlineData("-----BEGIN", "- -----BEGIN")]
    [InlineData("\n", "<br>\n")]
    [InlineData("\n", "=\n")]
    [InlineData(" LSHP ", "\u00A0LSHP\u00A0")]
    public void Forgives_what_mail_programs_do(string what, string becomes)
    {
        var mailed = Armor.Wrap(ArmorKind.License, Content).Replace(what, becomes);
        Armor.TryUnwrap(ArmorKind.License, mailed, out var content).ShouldBeTrue();
        content.ShouldBe(Content);
    }

    [Fact]
    public void Keeps_the_blanks_of_a_folded_request()
    {
        var json = $$"""{"pcName":"Kasse 2 {{new string('x', 30)}} im Laden  {{new string('y', 60)}}"}""";
        Armor.TryUnwrap(ArmorKind.Request, Armor.Wrap(ArmorKind.Request, json).Replace("\n", "\r\n"), out var content).ShouldBeTrue();
        content.ShouldBe(json);
    }

    [Fact]
    public void Refuses_what_is_no_single_frame()
    {
        var whole = Armor.Wrap(ArmorKind.License, Content);
        Refused(null);
        Refused("");
        Refused(Content);
        Refused(whole[..^20]);
        Refused(whole[5..]);
        Refused(whole + Armor.Wrap(ArmorKind.License, Content + "x"));
        Refused(Armor.Wrap(ArmorKind.Request, Content));
        Refused(Armor.Wrap(ArmorKind.License, ""));
        Refused(whole + new string(' ', Armor.MaxLength));
        Armor.TryUnwrap(ArmorKind.License, whole, out _).ShouldBeTrue();

        static void Refused(string? text) => Armor.TryUnwrap(ArmorKind.License, text, out _).ShouldBeFalse();
    }

    /// <summary>
    /// Found by the long fuzz run: the two lines may share dashes, and then the end begins before the beginning has ended.
    /// </summary>
    [Theory]
    [InlineData(ArmorKind.License, "LICENSE")]
    [InlineData(ArmorKind.Request, "REQUEST")]
    public void Refuses_lines_that_run_into_each_other(ArmorKind kind, string word)
    {
        for (var dashes = 5; dashes <= 10; dashes++)
        {
            Armor.TryUnwrap(kind, $"-----BEGIN LSHP {word}{new string('-', dashes)}END LSHP {word}-----\n", out _)
                .ShouldBeFalse($"{dashes} dashes");
        }
    }
}
