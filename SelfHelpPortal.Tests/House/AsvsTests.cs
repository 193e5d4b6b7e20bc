using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// docs/security/asvs.md answers every requirement of OWASP ASVS 5.0.0 up to level 2, and those of level 3 that the portal takes on.
/// </summary>
public partial class AsvsTests
{
    /// <summary>The sections of ASVS 5.0.0, each with the levels of its requirements in their order.</summary>
    private static readonly string[] Sections =
    [
        "1.1 22", "1.2 1111122223", "1.3 112222222223", "1.4 222", "1.5 123",
        "2.1 122", "2.2 112", "2.3 12223", "2.4 23",
        "3.1 3", "3.2 113", "3.3 12223", "3.4 11222233", "3.5 11122333", "3.6 3", "3.7 22333",
        "4.1 12233", "4.2 23333", "4.3 22", "4.4 1222",
        "5.1 2", "5.2 112333", "5.3 113", "5.4 222",
        "6.1 122", "6.2 111111112222", "6.3 11223333", "6.4 112233", "6.5 22222333", "6.6 2223", "6.7 33", "6.8 2222",
        "7.1 222", "7.2 1111", "7.3 22", "7.4 11222", "7.5 223", "7.6 22",
        "8.1 1233", "8.2 1123", "8.3 133", "8.4 23",
        "9.1 111", "9.2 1222",
        "10.1 22", "10.2 223", "10.3 22223", "10.4 1111122222233333", "10.5 22222", "10.6 22", "10.7 222",
        "11.1 2233", "11.2 22233", "11.3 11233", "11.4 1222", "11.5 23", "11.6 23", "11.7 33",
        "12.1 12233", "12.2 11", "12.3 22223",
        "13.1 2333", "13.2 222223", "13.3 2233", "13.4 1222233",
        "14.1 22", "14.2 12223333", "14.3 122",
        "15.1 12233", "15.2 12233", "15.3 1222222", "15.4 3333",
        "16.1 2", "16.2 22222", "16.3 2222", "16.4 222", "16.5 2223",
        "17.1 23", "17.2 22223333", "17.3 22",
    ];

    private static readonly string[] OfLevelThree =
    [
        "1.2.10", "1.3.12", "2.3.5", "3.4.8", "4.1.4", "6.3.5", "6.3.7", "6.3.8", "6.4.6", "7.5.3", "8.3.2", "8.4.2", "11.1.4", "11.2.4",
            "13.1.3", "13.4.6", "14.2.6", "14.2.7",
        "15.4.1", "15.4.2", "15.4.3", "16.5.4",
    ];

    private static readonly string Document = File.ReadAllText(Repository.At("docs", "security", "asvs.md"));

    [Fact]
    public void Every_requirement_has_its_answer_and_what_it_names_exists() => Faults(Document).ShouldBeEmpty();

    [Fact]
    public void The_sections_hold_what_the_standard_has() =>
        Levels().GroupBy(r => r.Value).OrderBy(g => g.Key).Select(g => g.Count()).ShouldBe([70, 183, 92]);

    [Fact]
    public void A_missing_line_a_wrong_level_a_yes_without_proof_and_a_no_without_reason_are_found()
    {
        var changed = Line().Replace(Document, line => line.Groups[1].Value switch
        {
            "1.1.1" => "",
            "1.1.2" => line.Value.Replace("| 1.1.2 | 2 |", "| 1.1.2 | 1 |", StringComparison.Ordinal),
            "1.2.1" => "| 1.2.1 | 1 | Encoding | yes: always |",
            "1.2.6" => "| 1.2.6 | 2 | LDAP | n/a |",
            "2.2.1" => "| 2.2.1 | 1 | Input | yes: `InputLimitTests.A_test_that_is_gone` |",
            "2.2.2" => "| 2.2.2 | 1 | Checks | perhaps |",
            _ => line.Value,
        });

        Faults(changed).ShouldBe(
        [
            "1.1.1 has no line", "1.1.2 is of level 2", "1.2.1 says yes and names nothing", "1.2.6 gives no reason",
                "2.2.1: InputLimitTests.A_test_that_is_gone does not exist",
            "2.2.2 says neither yes, no nor n/a",
        ], ignoreOrder: true);
    }

    private static List<string> Faults(string document)
    {
        var levels = Levels();
        var lines = Line().Matches(document)
            .ToDictionary(m => m.Groups[1].Value, m => (Level: m.Groups[2].Value, Answer: m.Groups[3].Value.Trim()));
        var wanted = levels.Where(l => l.Value < 3).Select(l => l.Key).Union(OfLevelThree).ToList();
        List<string> faults = [.. wanted.Except(lines.Keys).Select(r => $"{r} has no line"),
            .. lines.Keys.Except(wanted).Select(r => $"{r} is not asked for")];
        foreach (var (number, (level, answer)) in lines.Where(l => levels.ContainsKey(l.Key)))
        {
            if (level != levels[number].ToString(CultureInfo.InvariantCulture))
            {
                faults.Add($"{number} is of level {levels[number]}");
            }

            // A header or a word in backticks is no place.
            var named = TestNames.NamedIn(answer).Where(name => !name.Contains(' ') && (name.Contains('/') || name.Contains('.'))).ToList();
            faults.AddRange(named.Where(name => !TestNames.Exists(name)).Select(name => $"{number}: {name} does not exist"));
            if (answer.StartsWith("yes", StringComparison.Ordinal))
            {
                if (named.Count == 0)
                {
                    faults.Add($"{number} says yes and names nothing");
                }
            }
            else if (answer.StartsWith("no", StringComparison.Ordinal) || answer.StartsWith("n/a", StringComparison.Ordinal))
            {
                if (!answer.Contains(": ", StringComparison.Ordinal))
                {
                    faults.Add($"{number} gives no reason");
                }
            }
            else
            {
                faults.Add($"{number} says neither yes, no nor n/a");
            }
        }

        return faults;
    }

    private static Dictionary<string, int> Levels() =>
        (from section in Sections
         let parts = section.Split(' ')
         from place in Enumerable.Range(0, parts[1].Length)
         select ($"{parts[0]}.{place + 1}", parts[1][place] - '0')).ToDictionary();

    [GeneratedRegex(@"^\| (\d+\.\d+\.\d+) \| (\d) \| [^|]* \| ([^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
