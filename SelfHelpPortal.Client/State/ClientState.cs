using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Client.State;

/// <summary>Everything that is kept between two starts of the program.</summary>
internal sealed record ClientState
{
    /// <summary>As the user gave it.</summary>
    public string? Key { get; init; }

    /// <summary>The portal was asked, or is about to be; its answer has not been stored.</summary>
    public bool IsActivating { get; init; }

    /// <summary>The armored license file.</summary>
    public string? License { get; init; }

    /// <summary>When the portal last said that the license is good, by its time; at first, when it made the license.</summary>
    public DateTimeOffset? GoodAt { get; init; }

    public DateTimeOffset? NextCheckIn { get; init; }

    /// <summary>The latest signed time; the portal's time never goes back.</summary>
    public DateTimeOffset PortalTime { get; init; }

    /// <summary>The latest time that was judged by.</summary>
    public DateTimeOffset Latest { get; init; }

    /// <summary>Added to this computer's clock.</summary>
    public TimeSpan Offset { get; init; }

    public bool ClockWasSetBack { get; init; }

    /// <summary>The last signed answer that was not simply <c>VALID</c>.</summary>
    public Notice? Notice { get; init; }

    /// <summary>Activations that ended on this computer, the newest last. None of their license files counts again.</summary>
    public IReadOnlyList<Tombstone> Tombstones { get; init; } = [];

    public DateTimeOffset? EmergencySince { get; init; }

    public long BlocklistSequence { get; init; }

    /// <summary>The portal's statements about its keys. Each is verified anew, so whoever forges this file adds no key.</summary>
    public IReadOnlyList<string> KeyStatements { get; init; } = [];

    /// <summary>When they were last asked for.</summary>
    public DateTimeOffset? KeysAt { get; init; }

    [JsonIgnore]
    public Tombstone? Unconfirmed => Tombstones.LastOrDefault(t => t.Secret is not null);

    public bool HasEnded(string handle, int generation) => Tombstones.Any(t => t.Handle == handle && t.Generation == generation);
}

/// <param name="Code">The portal's word.</param>
/// <param name="Valid">Whether the program may go on.</param>
internal sealed record Notice(string Code, bool Valid, string? Message, string? CaseNumber);

/// <summary>Says that an activation ended here.</summary>
/// <param name="Secret">What proves it, until the portal knows; then null.</param>
internal sealed record Tombstone(string Handle, int Generation, byte[]? Secret, DateTimeOffset At);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientState))]
[JsonSerializable(typeof(SealedState))]
internal sealed partial class StateJson : JsonSerializerContext;
