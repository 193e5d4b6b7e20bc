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

    /// <summary>
    /// These keys and those that statements name, without the revoked ones. A statement counts when a key signed it that is known by then,
    /// in whatever order they come, and never when its key is revoked. What cannot be read is left out.
    /// </summary>
    /// <param name="believed">The statements that count.</param>
    /// <seealso cref="KeyStatement"/>
    public VerificationKeys After(IEnumerable<string> statements, out IReadOnlyList<string> believed)
    {
        string[] all = [.. statements.Distinct(StringComparer.Ordinal).Take(KeyStatement.MaxCount)];
        HashSet<string> revoked = new(StringComparer.Ordinal);
        while (true)
        {
            var known = _keys.Values.Where(k => !revoked.Contains(k.Kid)).ToDictionary(k => k.Kid, StringComparer.Ordinal);
            HashSet<string> named = new(revoked, StringComparer.Ordinal);
            var left = all.ToList();
            while (left.RemoveAll(text => Adds(text, known, named, revoked)) > 0)
            {
                // Each round may know the keys that signed more of them.
            }

            if (named.Count == revoked.Count)
            {
                believed = [.. all.Except(left, StringComparer.Ordinal)];
                return new VerificationKeys(known.Values);
            }

            // One of them revokes a key that others were believed by, so all are read again without it.
            revoked = named;
        }
    }

    private static bool Adds(string text, Dictionary<string, Es256Key> known, HashSet<string> named, HashSet<string> revoked)
    {
        if (KeyStatement.Read(text, new VerificationKeys(known.Values)) is not { IsGenuine: true, Claims: { } claims })
        {
            return false;
        }

        try
        {
            // What a name means is said once: nobody puts another key under it.
            foreach (var key in Ours(claims.InUse).Where(k => !revoked.Contains(k.Kid) && !known.ContainsKey(k.Kid)))
            {
                known[key.Kid] = key;
            }
        }
        catch (CryptographicException)
        {
            return false;
        }

        named.UnionWith(claims.Revoked);
        return true;
    }

    /// <summary>Reads a key set (RFC 7517). Keys of another kind or purpose than ours are left out.</summary>
    /// <exception cref="JsonException">The text is no key set.</exception>
    /// <exception cref="CryptographicException">One of our keys is damaged.</exception>
    public static VerificationKeys FromJwks(ReadOnlySpan<byte> json)
    {
        var set = JsonSerializer.Deserialize(json, FilesJson.Plain.JsonWebKeySet) ?? throw new JsonException("A key set is an object.");
        return new VerificationKeys(Ours(set.Keys));
    }

    /// <summary>The key set (RFC 7517) with the public parts of the keys, in the order given.</summary>
    public static byte[] ToJwks(IEnumerable<Es256Key> keys) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonWebKeySet([.. keys.Select(ToJwk)]), FilesJson.Plain.JsonWebKeySet);

    internal static JsonWebKey ToJwk(Es256Key key) => new()
    {
        Kty = "EC",
        Crv = "P-256",
        Kid = key.Kid,
        Use = "sig",
        Alg = Es256Key.Algorithm,
        X = StrictBase64Url.Encode(key.X.Span),
        Y = StrictBase64Url.Encode(key.Y.Span),
    };

    private static IEnumerable<Es256Key> Ours(IEnumerable<JsonWebKey> keys) => keys
        .Where(k => k is { Kty: "EC", Crv: "P-256", Kid: not null } && SignaturePurposes.OfKid(k.Kid) is not null && k.Alg is null
            or Es256Key.Algorithm)
        .Select(k => Es256Key.FromPublicPoint(k.Kid!, Coordinate(k.X), Coordinate(k.Y)));

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
