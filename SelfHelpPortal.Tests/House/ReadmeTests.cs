using System.Text.RegularExpressions;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>A README that names what is not there is worse than none.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.At("README.md"));

    [Fact]
    public void Every_path_and_every_command_it_names_exists() => Missing(Readme).ShouldBeEmpty();

    public static TheoryData<string> Documents() =>
        [.. Directory.GetFiles(Repository.At("docs", "operating"), "*.md").Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void So_do_those_of_the_operators_documents(string document)
    {
        var text = File.ReadAllText(Repository.At("docs", "operating", document));
        // Their links begin in their own folder.
        var paths = LinkPath().Matches(text).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(path => !Path.Exists(Path.GetFullPath(path, Repository.At("docs", "operating"))));
        Missing(LinkPath().Replace(text, "")).Concat(paths).ShouldBeEmpty();
    }

    [Fact]
    public void A_path_or_a_command_that_is_gone_would_be_noticed() =>
        Missing("`SelfHelpPortal/Nowhere` and [x](docs/nothing.md) and `SelfHelpPortal/Program.cs`\ndotnet SelfHelpPortal.dll nonsense "
            + "now\ndotnet SelfHelpPortal.dll migrate\nsudo selfhelp-portal migrat")
            .ShouldBe(["SelfHelpPortal/Nowhere", "docs/nothing.md", "nonsense now", "migrat"], ignoreOrder: true);

    private static string[] Missing(string text)
    {
        var paths = CodePath().Matches(text).Concat(LinkPath().Matches(text)).Select(m => m.Groups[1].Value)
            .Where(p => !Path.Exists(Repository.At(p.Split('/'))));
        var lines = CommandLines().Matches(text).Select(m => m.Groups[1].Value.Trim())
            .Where(l => l.Length > 0 && Commands.IsCommand(l.Split(' ')) && l != "help" && Commands.Find(l.Split(' ')) is null);
        return [.. paths.Concat(lines).Distinct()];
    }

    [GeneratedRegex(@"`((?:SelfHelpPortal|migrations|docs|bench|scripts|deploy|samples)[\w./-]*)`")]
    private static partial Regex CodePath();

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(((?!https?:)[^)]+)\)")]
    private static partial Regex LinkPath();

    [GeneratedRegex(@"(?:dotnet (?:run --project SelfHelpPortal --|SelfHelpPortal\.dll)|(?:sudo |`)selfhelp-portal(?= [a-z])) ([^#`\n]*)")]
    private static partial Regex CommandLines();
}
