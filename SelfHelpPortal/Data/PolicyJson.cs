using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Data;

/// <summary>How policies look as JSON: in the database and in the file of <c>import products</c>.</summary>
internal static class PolicyJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
    };

    /// <summary>What is stored, by this or an earlier version of the portal; null where it holds null.</summary>
    public static T? Read<T>(string json)
        where T : class
    {
        if (!OlderPolicies.MayBe(json))
        {
            return JsonSerializer.Deserialize<T>(json, Options);
        }

        var root = JsonNode.Parse(json);
        OlderPolicies.Renew(root);
        return root.Deserialize<T>(Options);
    }
}
