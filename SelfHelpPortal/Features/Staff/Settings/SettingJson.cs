using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.Settings;

/// <summary>Reads a file of settings and says in words what is wrong: where, what stands there, and what may.</summary>
internal static class SettingJson
{
    /// <returns>The value, or the sentence.</returns>
    public static (T? Value, string? Problem) Read<T>(string json)
        where T : class
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json);
        }
        catch (JsonException wrong)
        {
            return (null, $"Line {wrong.LineNumber + 1}: this is not JSON. {wrong.Message.Split(" LineNumber:")[0]}");
        }

        OlderPolicies.Renew(root);
        try
        {
            return root.Deserialize<T>(PolicyJson.Options) is { } value ? (value, null) : (null, "The file holds null.");
        }
        catch (JsonException wrong)
        {
            return (null, Describe(root, typeof(T), (wrong.Path ?? "$").TrimStart('$').TrimStart('.'), wrong));
        }
    }

    private static string Describe(JsonNode? root, Type type, string path, JsonException wrong)
    {
        var (node, expected) = (root, (Type?)type);
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        foreach (var step in steps)
        {
            if (step.StartsWith('['))
            {
                node = (node as JsonArray)?[int.Parse(step[1..^1], System.Globalization.CultureInfo.InvariantCulture)];
                expected = expected is null ? null : PolicyJson.Options.GetTypeInfo(expected).ElementType;
                continue;
            }

            var members = expected is null ? [] : Members(expected);
            node = (node as JsonObject)?[step];
            if (Array.Find(members, m => m.Name == step) is not { } member)
            {
                return $"{path}: there is no such name; the names here are {string.Join(", ", members.Select(m => m.Name))}.";
            }

            expected = member.PropertyType;
        }

        // A name that is missing or unknown is told at the object around it.
        if (node is JsonObject here && expected is not null && Members(expected) is { Length: > 0 } known)
        {
            var unknown = here.Select(m => m.Key).FirstOrDefault(name => !Array.Exists(known, m => m.Name == name));
            return unknown is not null
                ? $"{Join(path, unknown)}: there is no such name; the names here are {string.Join(", ", known.Select(m => m.Name))}."
                : $"{path}: something is missing here. {Plain(wrong)}";
        }

        return $"{path}: {node?.ToJsonString() ?? "null"} is not possible here; allowed is {Allowed(expected)}.";
    }

    private static string Allowed(Type? type)
    {
        var plain = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        var words = plain switch
        {
            null => "another kind of value",
            { IsEnum: true } => string.Join(", ", Enum.GetNames(plain)),
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(int) || plain == typeof(long) => "a whole number",
            _ when plain == typeof(decimal) => "a number",
            _ when plain == typeof(TimeOnly) => "a time such as \"08:00:00\"",
            _ when plain == typeof(DateOnly) => "a day such as \"2027-01-31\"",
            _ when plain == typeof(string) => "text",
            _ => PolicyJson.Options.GetTypeInfo(plain).Kind == JsonTypeInfoKind.Enumerable ? "a list in brackets" : "an object in braces",
        };
        return type is not null && Nullable.GetUnderlyingType(type) is not null ? words + ", or null" : words;
    }

    private static JsonPropertyInfo[] Members(Type type) =>
        PolicyJson.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info ? [.. info.Properties] : [];

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The names that are missing stand in quotes in the parser's sentence; the rest of it names types.</summary>
    private static string Plain(JsonException wrong)
    {
        var names = wrong.Message.Split('\'').Where((_, place) => place % 2 == 1).Where(n => !n.Contains('.', StringComparison.Ordinal));
        return $"Given must be: {string.Join(", ", names)}.";
    }
}
