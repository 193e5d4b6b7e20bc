using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>docs/sources.md says which page or rule does each sentence of the two vendors' help pages, and which tests hold it.</summary>
public class SourcesTests
{
    private static readonly string Document = File.ReadAllText(Repository.At("docs", "sources.md"));

    [Fact]
    public void Each_sentence_has_a_page_or_rule_and_tests_that_exist() => Faults(Document).ShouldBeEmpty();

    [Fact]
    public void An_empty_cell_a_line_without_a_test_and_a_test_that_is_gone_are_found() =>
        Faults("""
            | Sentence | Page or rule | Tests |
            |---|---|---|
            | One | | `SourcesTests.Each_sentence_has_a_page_or_rule_and_tests_that_exist` |
            | Two | `/two` | by hand |
            | Three | `/three` | `SourcesTests.A_test_that_is_gone` |
            """).ShouldBe(["One: a cell is empty", "Two: no test", "Three: SourcesTests.A_test_that_is_gone does not exist"]);

    private static IEnumerable<string> Faults(string document)
    {
        var rows = document.ReplaceLineEndings("\n").Split('\n')
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| Sentence |", StringComparison.Ordinal))
            .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries));
        foreach (var row in rows)
        {
            var tests = TestNames.NamedIn(row[^1]).ToList();
            if (row.Length != 3 || row.Contains(""))
            {
                yield return $"{row[0]}: a cell is empty";
            }
            else if (tests.Count == 0)
            {
                yield return $"{row[0]}: no test";
            }

            foreach (var test in tests.Where(t => !TestNames.Exists(t)))
            {
                yield return $"{row[0]}: {test} does not exist";
            }
        }
    }
}
