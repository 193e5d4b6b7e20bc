using System.Text.Json;
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
}
