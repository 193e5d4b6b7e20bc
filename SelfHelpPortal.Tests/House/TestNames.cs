using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// The tests of both projects by <c>Class.Method </c>, read from their sources, since neither assembly references the other.
/// </summary>
internal static partial class TestNames
{
    public static readonly IReadOnlySet<string> All = ReadAll();

    /// <summary>What a document names in backticks: tests, and files of the repository.</summary>
    public static IEnumerable<string> NamedIn(string text) => InBackticks().Matches(text).Select(m => m.Groups[1].Value);

    public static bool Exists(string name) => All.Contains(name) || Path.Exists(Repository.At(name.Split('/')));

    private static HashSet<string> ReadAll()
    {
        var names = new HashSet<string>();
        foreach (var file in new[] { "SelfHelpPortal.Tests", "SelfHelpPortal.E2E" }.SelectMany(
            p => Directory.EnumerateFiles(Repository.At(p), "*.cs", SearchOption.AllDirectories)))
        {
            var source = File.ReadAllText(file);
            foreach (var type in ClassName().Matches(source).Select(m => m.Groups[1].Value))
            {
                names.UnionWith(TestMethod().Matches(source).Select(m => $"{type}.{m.Groups[1].Value}"));
            }
        }

        return names;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();

    [GeneratedRegex(@"^public (?:sealed |abstract |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\[(?:Fact|Theory|ForTheEye)\b(?:(?!\bpublic ).)*\bpublic (?:async )?(?:Task|void) (\w+)\(", RegexOptions.Singleline)]
    private static partial Regex TestMethod();
}
