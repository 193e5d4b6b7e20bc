using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Files;

public class RequestFileTests
{
    public static readonly RequestFile Sample = new()
    {
        Version = 1,
        Kind = "info",
        Product = "muster-pos",
        HardwareCode = A.Hardware("KASSE-NEU").ToString(),
        PcName = "KASSE Łódź",
        AppVersion = "1.0.7",
        Created = A.Morning,
        Nonce = "q3Zf0Vbq",
    };

    [Fact]
    public void What_was_written_is_read()
    {
        RequestFile.TryRead(Sample.Write(), out var file, out _).ShouldBeTrue();
        file.ShouldBe(Sample);
        RequestFile.TryRead($"Guten Tag,\r\n{Sample.Write().Replace("\n", "\r\n", StringComparison.Ordinal)}\r\nMit freundlichen Grüßen",
            out file, out _).ShouldBeTrue();
        file.ShouldBe(Sample);
    }

    [Fact]
    public void Members_that_nobody_knows_are_ignored()
    {
        RequestFile.TryRead(Armored(Json().Replace("{", "{\"color\":\"blue\",", StringComparison.Ordinal)), out var file, out _)
            .ShouldBeTrue();
        file.ShouldBe(Sample);
    }

    [Theory]
    [InlineData(null, RequestFileProblem.Empty)]
    [InlineData(" \r\n", RequestFileProblem.Empty)]
    [InlineData("H1011-2BATA", RequestFileProblem.NotOne)]
    [InlineData("-----BEGIN LSHP REQUEST-----\n{}\n-----END LSHP REQUEST-----", RequestFileProblem.NotOne)]
    [InlineData("-----BEGIN LSHP LICENSE-----\nabc\n-----END LSHP LICENSE-----", RequestFileProblem.NotOne)]
    public void What_is_none_is_refused(string? text, RequestFileProblem expected)
    {
        RequestFile.TryRead(text, out var file, out var problem).ShouldBeFalse();
        file.ShouldBeNull();
        problem.ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"v\":1", "\"v\":2")]
    [InlineData("\"v\":1", "\"v\":\"1\"")]
    [InlineData("\"kind\":\"info\"", "\"kind\":\"license\"")]
    [InlineData("\"kind\":\"info\"", "\"kind\":\"info\",\"kind\":\"info\"")]
    [InlineData("\"product\":\"muster-pos\"", "\"product\":null")]
    [InlineData("\"nonce\"", "\"once\"")]
    public void Another_shape_is_refused(string from, string to)
    {
        Json().ShouldContain(from);
        RequestFile.TryRead(Armored(Json().Replace(from, to, StringComparison.Ordinal)), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(RequestFileProblem.NotOne);
    }

    [Fact]
    public void More_than_8_KB_are_not_read()
    {
        RequestFile.TryRead((Sample with { PcName = new string('x', RequestFile.MaxBytes) }).Write(), out _, out var problem)
            .ShouldBeFalse();
        problem.ShouldBe(RequestFileProblem.TooLarge);
    }

    private static string Json()
    {
        Armor.TryUnwrap(ArmorKind.Request, Sample.Write(), out var json).ShouldBeTrue();
        return json;
    }

    private static string Armored(string json) => Armor.Wrap(ArmorKind.Request, json);
}
