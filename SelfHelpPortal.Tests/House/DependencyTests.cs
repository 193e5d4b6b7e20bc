using SelfHelpPortal.Hosting;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// The code has one direction: an area knows those that its line names, a feature knows no other feature, and no namespace knows itself by
/// a detour.
/// </summary>
public class DependencyTests
{
    private const string Root = "SelfHelpPortal.";

    private static readonly string[] Features =
        ["Features.Account", "Features.Backoffice", "Features.Customer", "Features.Portal", "Features.Machine", "Features.Staff"];

    /// <summary>Each area and what it may use. Hosting puts everything together and may use all.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Configuration"] = [],
        ["Data"] = ["Licensing", "Configuration"],
        ["Platform"] = ["Licensing", "Configuration", "Data"],
        ["Components"] = ["Licensing", "Configuration", "Data", "Platform"],
        ["Shared"] = ["Licensing", "Configuration", "Data", "Platform", "Components"],
        ["Features"] = ["Licensing", "Configuration", "Data", "Platform", "Components", "Shared"],
    };

    private static readonly HashSet<Use> Uses = Dependencies.Find(typeof(App).Assembly);

    [Fact]
    public void Each_area_uses_only_what_its_line_names()
    {
        Uses.Count.ShouldBeGreaterThan(4000);
        Uses.Where(Forbidden).Select(u => u.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void No_namespace_is_in_a_cycle() => Cycles(Uses).ShouldBeEmpty();

    [Fact]
    public void The_rules_of_licensing_use_nothing_of_the_portal()
    {
        Dependencies.Find(typeof(License).Assembly).Where(u => !u.ToNamespace.StartsWith(Root + "Licensing", StringComparison.Ordinal))
            .ShouldBeEmpty();
        typeof(License).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Data", "Platform.Mail", true)]
    [InlineData("Configuration", "Data", true)]
    [InlineData("Platform.Web", "Shared.Access", true)]
    [InlineData("Components.Kit", "Shared.Keys", true)]
    [InlineData("Shared.Transfers", "Features.Portal.Kit", true)]
    [InlineData("Features.Portal.Renew", "Features.Customer.RequestTransfer", true)]
    [InlineData("Features.Staff.Desk", "Features.Account", true)]
    [InlineData("Features.Staff.Desk", "Features.Staff.Kit", false)]
    [InlineData("Features.Staff.Desk", "Shared.Access", false)]
    [InlineData("Hosting", "Features.Staff", false)]
    [InlineData("Somewhere", "Data", true)]
    public void A_use_against_the_direction_is_found(string from, string to, bool forbidden) =>
        Forbidden(Sample(from, to)).ShouldBe(forbidden);

    [Fact]
    public void A_cycle_is_found()
    {
        Cycles([Sample("A", "B"), Sample("B", "C"), Sample("C", "A"), Sample("C", "D")]).ShouldHaveSingleItem().ShouldBe("A, B, C");
        Cycles([Sample("A", "B"), Sample("A", "C"), Sample("B", "C")]).ShouldBeEmpty();
    }

    private static Use Sample(string from, string to) => new(Root + from, "Sample", Root + to, "Other");

    private static bool Forbidden(Use use)
    {
        var (from, to) = (AreaOf(use.FromNamespace), AreaOf(use.ToNamespace));
        if (from == to)
        {
            return FeatureOf(use.FromNamespace) is { } feature && FeatureOf(use.ToNamespace) is { } other && feature != other;
        }

        return !UsesAll(use.FromNamespace) && !(Allowed.TryGetValue(from, out var allowed) && allowed.Contains(to));
    }

    /// <summary>Hosting and Program, and what the compiler writes into the framework's namespaces to call the endpoints.</summary>
    private static bool UsesAll(string space) =>
        space == "SelfHelpPortal" || AreaOf(space) == "Hosting" || space.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static string AreaOf(string space) =>
        space.StartsWith(Root, StringComparison.Ordinal) ? space[Root.Length..].Split('.')[0] : space;

    private static string? FeatureOf(string space) =>
        Array.Find(Features, f => space == Root + f || space.StartsWith(Root + f + ".", StringComparison.Ordinal));

    /// <returns>The namespaces of each cycle, in one line each (Tarjan's strongly connected components).</returns>
    private static List<string> Cycles(IEnumerable<Use> uses)
    {
        var edges = uses.ToLookup(u => u.FromNamespace, u => u.ToNamespace);
        var (index, low, path, found) =
            (new Dictionary<string, int>(), new Dictionary<string, int>(), new Stack<string>(), new List<string>());
        foreach (var group in edges.Where(g => !index.ContainsKey(g.Key)))
        {
            Visit(group.Key);
        }

        return found;

        void Visit(string space)
        {
            index[space] = low[space] = index.Count;
            path.Push(space);
            foreach (var next in edges[space].Distinct())
            {
                if (!index.TryGetValue(next, out var seen))
                {
                    Visit(next);
                    low[space] = Math.Min(low[space], low[next]);
                }
                else if (path.Contains(next))
                {
                    low[space] = Math.Min(low[space], seen);
                }
            }

            if (low[space] != index[space])
            {
                return;
            }

            var members = new List<string>();
            while (members.LastOrDefault() != space)
            {
                members.Add(path.Pop());
            }

            if (members.Count > 1)
            {
                found.Add(
                    string.Join(", ", members.Order(StringComparer.Ordinal).Select(m => m.Replace(Root, "", StringComparison.Ordinal))));
            }
        }
    }
}
