using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>docs/security/tests.md says which test stands for T1 to T46. Add a line there for a new one.</summary>
public partial class SecurityTestsTests
{
    private static readonly string Document = File.ReadAllText(Repository.At("docs", "security", "tests.md"));

    [Fact]
    public void Every_number_has_its_line_and_every_test_it_names_exists() => Faults(Document).ShouldBeEmpty();

    [Fact]
    public void A_missing_number_a_line_without_a_test_and_a_test_that_is_gone_are_found()
    {
        var changed = Document
            .Replace("| T1 |", "| S1 |", StringComparison.Ordinal)
            .Replace("`HostTests.A_foreign_host_is_refused`", "`HostTests.A_test_that_is_gone`", StringComparison.Ordinal)
            .Replace("`PasskeyTests.The_question_is_the_same_for_everybody`", "not yet", StringComparison.Ordinal);

        Faults(changed).ShouldBe(["T1 has no line", "T3 names no test", "T16: HostTests.A_test_that_is_gone does not exist"]);
    }

    private static List<string> Faults(string document)
    {
        var lines = Line().Matches(document).ToLookup(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var faults = new List<string>();
        foreach (var number in Enumerable.Range(1, 46).Select(n => $"T{n}"))
        {
            var tests = lines[number].SelectMany(TestNames.NamedIn).ToList();
            if (lines[number].Count() != 1)
            {
                faults.Add($"{number} has {(lines[number].Any() ? "several lines" : "no line")}");
            }
            else if (tests.Count == 0)
            {
                faults.Add($"{number} names no test");
            }

            faults.AddRange(tests.Where(t => !TestNames.Exists(t)).Select(t => $"{number}: {t} does not exist"));
        }

        return faults;
    }

    [GeneratedRegex(@"^\| (T\d+) \| [^|]* \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Line();
}
