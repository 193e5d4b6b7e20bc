using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// A comment that cites a document sends its reader there, so the document and its section are in the repository, and links in documents
/// lead somewhere.
/// </summary>
public partial class CitationTests
{
    private static readonly string[] Left = ["bin", "obj", ".git", ".data", ".vs", ".idea", "artifacts", "TestResults"];

    private static readonly ILookup<string, string> Documents = Files("*.md").ToLookup(Path.GetFileName, f => f, StringComparer.Ordinal)!;

    [Fact]
    public void Every_document_and_section_that_code_cites_exists() =>
        new[] { "*.cs", "*.razor", "*.sh", "*.csproj", "*.props", "*.css", "*.js" }.SelectMany(Files)
            .Where(f => Path.GetFileName(f) is not (nameof(CitationTests) + ".cs" or nameof(ReadmeTests) + ".cs"))
            .SelectMany(f => Broken(File.ReadAllText(f)).Select(b => $"{Path.GetRelativePath(Repository.Folder, f)}: {b}"))
            .ShouldBeEmpty();

    [Fact]
    public void Every_link_of_a_document_leads_somewhere() =>
        Files("*.md").SelectMany(f => DeadLinks(File.ReadAllText(f), Path.GetDirectoryName(f)!)
            .Select(l => $"{Path.GetRelativePath(Repository.Folder, f)}: {l}")).ShouldBeEmpty();

    [Theory]
    [InlineData("// Nobody wrote it (nothing.md).", "nothing.md")]
    [InlineData("/// <summary>Here (security.md, section 99).</summary>", "security.md section 99")]
    [InlineData("/// <summary>Here (security.md section 2.9, and domain.md).</summary>", "security.md section 2.9")]
    public void What_is_not_there_is_found(string comment, string broken) => Broken(comment).ShouldBe([broken]);

    [Theory]
    [InlineData("/// (security.md, section 2.4)")]
    [InlineData("/// docs/integrate.md is run as it stands.")]
    public void What_is_there_is_no_fault(string comment) => Broken(comment).ShouldBeEmpty();

    [Fact]
    public void A_dead_link_is_found() =>
        DeadLinks("[a](security.md) [b](no/where.md#x) [c](https://example.org)", Repository.At("docs")).ShouldBe(["no/where.md"]);

    private static IEnumerable<string> Broken(string text)
    {
        foreach (Match match in Citation().Matches(text))
        {
            var name = match.Groups["document"].Value;
            var section = match.Groups["section"].Value;
            var documents = Documents[name].ToList();
            if (documents.Count == 0)
            {
                yield return name;
            }
            else if (section.Length > 0 && !documents.Any(d => Regex.IsMatch(File.ReadAllText(d), $@"(?m)^##+ {Regex.Escape(section)}\b")))
            {
                yield return $"{name} section {section}";
            }
        }
    }

    private static IEnumerable<string> DeadLinks(string text, string folder) =>
        Link().Matches(text).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(l => l.Length > 0 && !Path.Exists(Path.Combine(folder, Uri.UnescapeDataString(l))));

    private static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Repository.Folder, pattern, SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Repository.Folder, f).Split(Path.DirectorySeparatorChar, '/').Any(Left.Contains));

    [GeneratedRegex(@"(?<document>\b[A-Za-z0-9-]+\.md)\b(?:,? sections? (?<section>\d+(?:\.\d+)?))?")]
    private static partial Regex Citation();

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(((?!https?:|mailto:)[^)\s]+)\)")]
    private static partial Regex Link();
}
