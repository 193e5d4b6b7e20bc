using System.Text.RegularExpressions;
using System.Xml.Linq;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

using Texts = IReadOnlyDictionary<string, string>;

/// <summary>Every text exists in both languages, and every text that a page asks for exists.</summary>
public partial class WordsTests
{
    /// <summary>Words that are the same in both languages.</summary>
    private static readonly HashSet<string> SameInBoth = ["Cookies", "IBAN", "KB", "Name", "PC", "PCs", "Portal", "Software", "Support"];

    private static string Source { get; } = Path.Combine(Repository.Folder, "SelfHelpPortal");

    public static TheoryData<string> Files() =>
        [.. Sources("*.resx").Where(file => !file.EndsWith(".de.resx", StringComparison.Ordinal)).Select(Relative)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_and_its_German_twin_say_the_same(string file)
    {
        var path = Path.Combine(Source, file);

        Differences(Read(path), Read(Path.ChangeExtension(path, ".de.resx"))).ShouldBeEmpty();
    }

    [Fact]
    public void A_German_file_has_an_English_twin() =>
        Sources("*.de.resx").Where(file => !File.Exists(file.Replace(".de.resx", ".resx", StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void Differences_are_found()
    {
        var english = new Dictionary<string, string>
        {
            ["Missing"] = "Only here",
            ["Places"] = "{0} of {1}",
            ["Empty"] = "Text",
            ["Same"] = "Untranslated",
            ["Fine"] = "Yes"
        };
        var german = new Dictionary<string, string>
        {
            ["Places"] = "{0} von",
            ["Empty"] = " ",
            ["Same"] = "Untranslated",
            ["Fine"] = "Ja",
            ["Extra"] = "Nur hier"
        };

        Differences(english, german).Select(line => line.Split(':')[0])
            .ShouldBe(["Empty", "Extra", "Missing", "Places", "Same"], ignoreOrder: true);
    }

    [Fact]
    public void Every_word_that_a_page_asks_for_exists() =>
        Sources("*.razor").Concat(Sources("*.razor.cs")).SelectMany(MissingKeys).ShouldBeEmpty();

    [Fact]
    public void A_word_that_does_not_exist_is_found()
    {
        var folder = Directory.CreateTempSubdirectory("words-");
        try
        {
            var page = Path.Combine(folder.FullName, "Sample.razor");
            File.WriteAllText(page, "@inject IStringLocalizer<SharedStrings> Words\n<p>@Words[\"NoSuchWord\"] @Words[\"Back\"]</p>");

            MissingKeys(page).ShouldHaveSingleItem().ShouldContain("NoSuchWord");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_state_has_a_word_and_a_look()
    {
        var states = typeof(License).Assembly.GetExportedTypes()
            .Where(type => type.IsEnum && type.Name.EndsWith("State", StringComparison.Ordinal)).ToList();

        states.ShouldContain(typeof(LicenseState));
        states.SelectMany(type => Enum.GetValues(type).Cast<Enum>()).Where(state => !StatusTable.Knows(state)).ShouldBeEmpty();
        var words = Read(Path.Combine(Source, "Components", "SharedStrings.resx"));
        StatusTable.Names.Where(name => !words.ContainsKey(StatusTable.WordOf(name))).ShouldBeEmpty();
    }

    private static List<string> Differences(Texts english, Texts german)
    {
        var lines = new List<string>();
        lines.AddRange(english.Keys.Except(german.Keys).Select(key => $"{key}: is missing in German"));
        lines.AddRange(german.Keys.Except(english.Keys).Select(key => $"{key}: is missing in English"));
        foreach (var key in english.Keys.Intersect(german.Keys))
        {
            var (en, de) = (english[key], german[key]);
            if (string.IsNullOrWhiteSpace(en) || string.IsNullOrWhiteSpace(de))
            {
                lines.Add($"{key}: is empty");
            }
            else if (!Places(en).SetEquals(Places(de)))
            {
                lines.Add($"{key}: has other places in German");
            }
            else if (en == de && Place().Replace(en, "").Trim() is { Length: > 0 } words && words.Any(char.IsLetter)
                && !SameInBoth.Contains(words))
            {
                lines.Add($"{key}: is not translated");
            }
        }

        return lines;
    }

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    /// <summary>Literal keys only; keys put together at run time are met by the tests that render the pages.</summary>
    private static IEnumerable<string> MissingKeys(string file)
    {
        var text = File.ReadAllText(file);
        foreach (Match injected in Localizer().Matches(text))
        {
            var (type, name) = (injected.Groups[1].Value, injected.Groups[2].Value);
            var beside = Path.Combine(Path.GetDirectoryName(file)!, type + ".resx");
            var resources = File.Exists(beside) ? beside : Sources(type + ".resx").SingleOrDefault();
            if (resources is null)
            {
                continue;
            }

            var words = Read(resources);
            foreach (Match used in Regex.Matches(text, $@"\b{name}\[""([^""]+)""[\],]"))
            {
                if (!words.ContainsKey(used.Groups[1].Value))
                {
                    yield return $"{Path.GetFileName(file)} asks for {type}[\"{used.Groups[1].Value}\"]";
                }
            }
        }
    }

    private static Texts Read(string file) =>
        File.Exists(file) ? XDocument.Load(file).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value) : new Dictionary<string, string>();

    private static IEnumerable<string> Sources(string pattern) => Directory.EnumerateFiles(Source, pattern, SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Relative(string file) => Path.GetRelativePath(Source, file);

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"IStringLocalizer<(\w+)>\s+(\w+)")]
    private static partial Regex Localizer();
}
