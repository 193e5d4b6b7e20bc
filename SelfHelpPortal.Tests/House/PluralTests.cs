using System.Text.RegularExpressions;
using System.Xml.Linq;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>A text that counts things has a second one for a single thing, in both languages.</summary>
public partial class PluralTests
{
    /// <summary>Counts that are never one.</summary>
    private static readonly Dictionary<string, string> NeverOne = new()
    {
        ["ActivationResult.TooManyText"] = "with one seat it is TooManyOne",
        ["StatusWords.DownloadsAgain"] = "always 14 days",
        ["TransferWords.SeveralLeft"] = "of one it is asked whether it is the one",
        ["TransferWords.TooManyRows"] = "always the same limit",
        ["ReleaseResult.NotYouText"] = "always 72 hours",
        ["ReleaseResult.MailSentText"] = "always 30 minutes",
    };

    private static readonly string[] Areas = ["Features/Customer", "Features/Portal", "Features/Account", "Shared", "Components"];

    [Fact]
    public void A_text_that_counts_has_one_for_a_single_thing()
    {
        var texts = Texts().ToList();

        Missing(texts).ShouldBeEmpty();
        NeverOne.Keys.Except(texts.Select(t => t.Key)).ShouldBeEmpty("no such text any more");
        texts.Count(t => t.Key.EndsWith(".One", StringComparison.Ordinal)).ShouldBeGreaterThan(12);
    }

    [Fact]
    public void A_text_for_a_single_thing_does_not_count_several() =>
        Texts().Where(t => t.Key.EndsWith(".One", StringComparison.Ordinal) && Several().IsMatch(t.Text)).Select(t => t.Key)
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Sie gilt höchstens {0} Tage.", true)]
    [InlineData("Ihre {0} Lizenzen laufen weiter.", true)]
    [InlineData("{0} more days", true)]
    [InlineData("Auf {0} freien PCs", true)]
    [InlineData("Belegte Plätze: {0} von {1}", false)]
    [InlineData("Zugang zu: {0}. Lizenzen lassen sich freigeben", false)]
    [InlineData("sees license {0} and releases its PCs", false)]
    public void The_pattern_finds_what_counts(string text, bool counts)
    {
        Several().IsMatch(text).ShouldBe(counts);
        Missing([("Sample.Text", text)]).Count().ShouldBe(counts ? 1 : 0);
        Missing([("Sample.Text", text), ("Sample.Text.One", "x")]).ShouldBeEmpty();
    }

    private static IEnumerable<string> Missing(IReadOnlyCollection<(string Key, string Text)> texts)
    {
        var keys = texts.Select(t => t.Key).ToHashSet();
        return texts.Where(t => Several().IsMatch(t.Text) && !keys.Contains(t.Key + ".One") && !NeverOne.ContainsKey(t.Key))
            .Select(t => $"{t.Key}: {t.Text}");
    }

    private static IEnumerable<(string Key, string Text)> Texts() =>
        from area in Areas
        let folder = Path.Combine(Repository.Folder, "SelfHelpPortal", area)
        from file in Directory.EnumerateFiles(folder, "*.resx", SearchOption.AllDirectories)
        from data in XDocument.Load(file).Root!.Elements("data")
        select ($"{Path.GetFileName(file).Split('.')[0]}.{data.Attribute("name")!.Value}", data.Element("value")!.Value);

    /// <summary>A placeholder, at most one word, and the plural of something that the portal counts.</summary>
    [GeneratedRegex(
        @"\{\d\} (?:(?!und |oder |and |or )[a-zäöüß]+ )?(?:Lizenzen|PCs|Kassen|Plätze|Plätzen|Tage|Tagen|Monate|Monaten|Stunden|Minuten"
        + "|Dateien|Freigaben|Codes|Wiederherstellungscodes|Personen|Rechnungen"
        + @"|licenses|tills|seats|days|months|hours|minutes|files|releases|codes|people|invoices)\b")]
    private static partial Regex Several();
}
