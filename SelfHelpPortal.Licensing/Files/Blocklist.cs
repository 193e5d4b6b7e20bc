using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// Activations that may no longer run, for software that is offline for long and gets the list with an update.
/// A client keeps the highest sequence number it has seen and refuses lower ones.
/// </summary>
public sealed record Blocklist(
    [property: JsonPropertyName("seq")] long Sequence,
    [property: JsonPropertyName("iat"), JsonConverter(typeof(UnixSeconds))] DateTimeOffset IssuedAt,
    [property: JsonPropertyName("list")] IReadOnlyList<BlockedActivation> Blocked)
{
    public string Write(Es256Key key) => Jws.Sign(JsonSerializer.SerializeToUtf8Bytes(this, FilesJson.Plain.Blocklist), key);

    public static Verified<Blocklist> Read(string? text, VerificationKeys keys) =>
        Jws.Verify(text, SignaturePurpose.Blocklist, keys, FilesJson.Plain.Blocklist);
}

public sealed record BlockedActivation(
    [property: JsonPropertyName("act")] string Handle,
    [property: JsonPropertyName("gen")] int Generation);
