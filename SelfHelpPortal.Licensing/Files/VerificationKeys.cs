using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>The keys a verifier accepts: its own record of which name means which key, purpose and algorithm.</summary>
public sealed class VerificationKeys
{
    private readonly Dictionary<string, Es256Key> _keys;

    public VerificationKeys(IEnumerable<Es256Key> keys) => _keys = keys.ToDictionary(k => k.Kid, StringComparer.Ordinal);

    /// <summary>The names, in no particular order.</summary>
    public IReadOnlyCollection<string> Kids => _keys.Keys;

    public Es256Key? Find(string kid) => _keys.TryGetValue(kid, out var key) ? key : null;

    /// <summary>Reads a key set (RFC 7517). Keys of another kind or purpose than ours are left out.</summary>
    /// <exception cref="JsonException">The text is no key set.</exception>
    /// <exception cref="CryptographicException">One of our keys is damaged.</exception>
    public static VerificationKeys FromJwks(ReadOnlySpan<byte> json)
    {
        var set = JsonSerializer.Deserialize(json, FilesJson.Plain.JsonWebKeySet) ?? throw new JsonException("A key set is an object.");
        return new VerificationKeys(set.Keys
            .Where(k => k is { Kty: "EC", Crv: "P-256", Kid: not null } && SignaturePurposes.OfKid(k.Kid) is not null && k.Alg is null
                or Es256Key.Algorithm)
            .Select(k => Es256Key.FromPublicPoint(k.Kid!, Coordinate(k.X), Coordinate(k.Y))));
    }

    /// <summary>The key set (RFC 7517) with the public parts of the keys, in the order given.</summary>
    public static byte[] ToJwks(IEnumerable<Es256Key> keys) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonWebKeySet([.. keys.Select(k => new JsonWebKey
        {
            Kty = "EC",
            Crv = "P-256",
            Kid = k.Kid,
            Use = "sig",
            Alg = Es256Key.Algorithm,
            X = StrictBase64Url.Encode(k.X.Span),
            Y = StrictBase64Url.Encode(k.Y.Span),
        })]),
        FilesJson.Plain.JsonWebKeySet);

    private static byte[] Coordinate(string? text) =>
        StrictBase64Url.Decode(text) ?? throw new CryptographicException("A coordinate of a key is not base64url.");
}

internal sealed record JsonWebKeySet([property: JsonRequired] IReadOnlyList<JsonWebKey> Keys);

internal sealed record JsonWebKey
{
    public required string Kty { get; init; }

    public string? Crv { get; init; }

    public string? Kid { get; init; }

    public string? Use { get; init; }

    public string? Alg { get; init; }

    public string? X { get; init; }

    public string? Y { get; init; }
}
