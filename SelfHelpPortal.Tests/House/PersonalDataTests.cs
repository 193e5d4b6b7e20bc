using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>docs/security/data.md says of every column what it tells about people. Add a line there for a new one.</summary>
public partial class PersonalDataTests
{
    internal static readonly string Document = File.ReadAllText(Repository.At("docs", "security", "data.md"));

    [Fact]
    public void Every_column_stands_once_in_the_document() => Differences(Document, Columns()).ShouldBeEmpty();

    [Fact]
    public void A_column_that_is_missing_gone_or_named_twice_is_found()
    {
        var changed = Document.Replace("`email`, ", "", StringComparison.Ordinal)
            + "\n| `customer` | `city` | twice | long |\n| `customer` | `shoe_size` | gone | long |\n";

        Differences(changed, [.. Named(Document).Select(named => named.Column)]).ShouldBe(
            ["asp_net_users.email is missing", "customer.city is named twice", "customer.email is missing",
                "customer.shoe_size does not exist"], ignoreOrder: true);
    }

    /// <summary>Every <c>table.column</c> that the document names, with the heading it stands under.</summary>
    internal static IEnumerable<(string Class, string Column)> Named(string document)
    {
        var heading = "";
        foreach (var line in document.Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                heading = line[3..].Trim();
            }

            if (Row().Match(line) is { Success: true } row)
            {
                foreach (Match column in Name().Matches(row.Groups[2].Value))
                {
                    yield return (heading, $"{row.Groups[1].Value}.{column.Groups[1].Value}");
                }
            }
        }
    }

    private static IEnumerable<string> Differences(string document, IReadOnlyCollection<string> columns)
    {
        var named = Named(document).Select(n => n.Column).ToList();
        return
        [
            .. columns.Except(named).Select(column => $"{column} is missing"),
            .. named.Except(columns).Select(column => $"{column} does not exist"),
            .. named.GroupBy(column => column).Where(same => same.Count() > 1).Select(same => $"{same.Key} is named twice"),
        ];
    }

    private static HashSet<string> Columns()
    {
        using var db = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UsePortal("Host=none").Options);
        var columns = db.Model.GetRelationalModel().Tables.SelectMany(
            table => table.Columns.Select(column => $"{table.Name}.{column.Name}")).ToHashSet();
        columns.Count.ShouldBeGreaterThan(200);
        return columns;
    }

    [GeneratedRegex(@"^\| `(\w+)` \| ([^|]*) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name();
}
