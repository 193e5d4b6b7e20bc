using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>
/// vectors/einvoices: 29 invoices, 113 ways to break one rule each, and what the official artefacts said about all of them (EN 16931 CII
/// 1.3.16, XRechnung schematron 2.4.0).
/// </summary>
internal static class EInvoiceVectors
{
    private static readonly string Folder = Repository.At("SelfHelpPortal.Tests", "vectors", "einvoices");

    public static IReadOnlyDictionary<string, Mutation> Mutations { get; } =
        JsonSerializer.Deserialize<Mutation[]>(
            File.ReadAllText(Path.Combine(Folder, "mutations.json")), JsonSerializerOptions.Web)!.ToDictionary(mutation => mutation.Rule);

    public static IReadOnlyList<Verdict> Verdicts { get; } =
        [.. File.ReadLines(Path.Combine(Folder, "verdicts.csv")).Skip(1).Select(row => row.Split(',')).Select(cells =>
        new Verdict(cells[0], cells[1] == "ok",
            [.. cells[2..].Where(cell => cell is not ("ok" or "-")).SelectMany(cell => cell.Split(' '))]))];

    /// <summary>The XML of a case, or of a case broken as its name says.</summary>
    public static byte[] Xml(string name)
    {
        if (!Mutations.TryGetValue(name, out var mutation))
        {
            return File.ReadAllBytes(Path.Combine(Folder, name + ".xml"));
        }

        var sound = File.ReadAllText(Path.Combine(Folder, mutation.Of + ".xml"));
        var broken = Regex.Replace(sound, mutation.Find, mutation.Put, RegexOptions.CultureInvariant);
        broken.ShouldNotBe(sound, $"the mutation {name} changes nothing");
        return Encoding.UTF8.GetBytes(broken);
    }

    /// <param name="Rule">That it breaks.</param>
    /// <param name="Of">The case it changes.</param>
    internal sealed record Mutation(string Rule, string Of, string Find, string Put);

    /// <param name="Valid">Against the schema.</param>
    internal sealed record Verdict(string Name, bool Valid, string[] Broken);
}
