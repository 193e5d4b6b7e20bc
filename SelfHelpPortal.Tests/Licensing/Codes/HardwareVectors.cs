using System.Text.Json;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>
/// vectors/hardware.json: pairs of computers with the story behind each, and values that count or do not. Portal and client are both held
/// to them.
/// </summary>
internal sealed record HardwareVectors(HardwareVectors.Pair[] Pairs, Vectors.Component[] Absent, Vectors.Component[] Present)
{
    public static HardwareVectors All { get; } = JsonSerializer.Deserialize<HardwareVectors>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "hardware.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<string> Stories => [.. All.Pairs.Select(pair => pair.Story)];

    public static Pair Get(string story) => All.Pairs.Single(pair => pair.Story == story);

    internal sealed record Pair(string Story, decimal Points, bool Same, Vectors.Component[] Activated, Vectors.Component[] Now)
    {
        public HardwareCode ActivatedCode(string product) => HardwareCode.From(product, Parts(Activated));

        public HardwareCode NowCode(string product) => HardwareCode.From(product, Parts(Now));

        public static IEnumerable<KeyValuePair<string, string>> Parts(Vectors.Component[] components) =>
            components.Select(c => KeyValuePair.Create(c.Kind, c.Value));
    }
}
