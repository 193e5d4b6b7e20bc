using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// Strict JSON: no member twice, none missing, no null where a value belongs. Unknown claims are skipped, since a newer portal may add
/// some; they are signed by us all the same.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(JwsHeader))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(KeyStatementClaims))]
[JsonSerializable(typeof(LicenseFile))]
[JsonSerializable(typeof(CheckInAnswer))]
[JsonSerializable(typeof(Blocklist))]
[JsonSerializable(typeof(RequestFile))]
internal sealed partial class FilesJson : JsonSerializerContext
{
    /// <summary>The options of this context, but without the escapes that only HTML needs: what is signed is no part of a page.</summary>
    public static FilesJson Plain => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });
}

/// <summary>Whole seconds since 1970, UTC.</summary>
internal sealed class UnixSeconds : JsonConverter<DateTimeOffset>
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var seconds) && seconds >= First && seconds <= Last
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new JsonException("The time is not a whole number of seconds.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeSeconds());
}

/// <summary>Bytes as base64url without padding.</summary>
internal sealed class Base64UrlBytes : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && StrictBase64Url.Decode(reader.GetString()) is { } bytes
            ? bytes
            : throw new JsonException("The bytes are not base64url.");

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteStringValue(StrictBase64Url.Encode(value));
}
