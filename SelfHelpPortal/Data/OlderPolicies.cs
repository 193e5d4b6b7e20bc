using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Data;

/// <summary>
/// Policies as version 0.2 wrote them. Versions of settings are never changed, and vendors keep files of settings, so they are understood
/// where they are read: the checklist was one text in Markdown for all countries, and becomes the list of those without one of their own.
/// </summary>
internal static partial class OlderPolicies
{
    private const string German = "checklistDe";
    private const string English = "checklistEn";

    public static bool MayBe(string json) =>
        json.Contains($"\"{German}\"", StringComparison.Ordinal) || json.Contains($"\"{English}\"", StringComparison.Ordinal);

    /// <summary>Whatever holds policies: they themselves, a product, or a file of settings.</summary>
    public static void Renew(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray all:
                foreach (var one in all)
                {
                    Renew(one);
                }

                break;
            case JsonObject policies when policies["transfer"] is JsonObject transfer
                && (transfer.ContainsKey(German) || transfer.ContainsKey(English)):
                var (german, english) = (Text(transfer, German), Text(transfer, English));
                if (Items(german ?? english, english ?? german) is { Count: > 0 } items && policies["checklists"] is null)
                {
                    policies["checklists"] = new JsonObject { ["other"] = new JsonObject { ["items"] = items } };
                }

                break;
            case JsonObject members:
                foreach (var (_, value) in members)
                {
                    Renew(value);
                }

                break;
        }
    }

    private static string? Text(JsonObject transfer, string name)
    {
        var text = transfer[name] is JsonValue value && value.TryGetValue<string>(out var given) ? given : null;
        transfer.Remove(name);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static JsonArray Items(string? german, string? english)
    {
        var (de, en) = (Points(german), Points(english));
        if (de.Count != en.Count)
        {
            // They do not belong together point by point.
            (de, en) = ([string.Join(' ', de)], [string.Join(' ', en)]);
        }

        return new JsonArray([.. de.Zip(en).Select((pair, place) => (JsonNode)new JsonObject
        {
            ["id"] = $"item-{place + 1}",
            ["textDe"] = Plain(pair.First),
            ["textEn"] = Plain(pair.Second),
            ["link"] = Link().Match(pair.First) is { Success: true } link ? link.Groups["to"].Value : null,
        })]);
    }

    /// <summary>Each begins with a number or a dash, or follows an empty line; what stands below it belongs to it.</summary>
    private static List<string> Points(string? markdown)
    {
        var points = new List<string>();
        var begins = true;
        foreach (var line in (markdown ?? "").ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()))
        {
            if (line.Length == 0)
            {
                begins = true;
                continue;
            }

            var marked = Mark().Match(line);
            if (begins || marked.Success)
            {
                points.Add(line[marked.Length..]);
            }
            else
            {
                points[^1] += " " + line;
            }

            begins = false;
        }

        return points;
    }

    private static string Plain(string point) => Emphasis().Replace(Link().Replace(point, "${text}"), "");

    [GeneratedRegex(@"^(?:\d{1,3}[.)]|[-*+])\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\((?<to>https://[^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"\*{1,2}|__", RegexOptions.CultureInvariant)]
    private static partial Regex Emphasis();
}
