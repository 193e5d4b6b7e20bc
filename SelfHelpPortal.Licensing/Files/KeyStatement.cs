using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// Says which keys are in use and which are revoked. It is signed by the license key that was in use before, so a program that knows that
/// key can believe the new ones, and what they sign in turn. One is made at each rotation and revocation; together they lead from the
/// key set that a program was built with to the keys of today, however often they were exchanged meanwhile.
/// </summary>
public static class KeyStatement
{
    /// <summary>The <c>typ</c> of the header, which no license file has: neither can pass for the other.</summary>
    public const string Typ = "lshp-keys+jwt";

    /// <summary>The most that are looked at: decades of rotations.</summary>
    public const int MaxCount = 64;

    /// <param name="inUse">The keys that sign from now on and those that come after them, of every purpose.</param>
    /// <param name="revoked">Names of keys that are revoked now.</param>
    /// <param name="signer">The license key that signed until now, or the next one when that is revoked.</param>
    /// <exception cref="ArgumentException">The signer is no license key.</exception>
    public static string Write(DateTimeOffset at, IEnumerable<Es256Key> inUse, IEnumerable<string> revoked, Es256Key signer)
    {
        if (signer.Purpose != SignaturePurpose.License)
        {
            throw new ArgumentException($"Only a license key introduces other keys, and {signer.Kid} is none.", nameof(signer));
        }

        var claims = new KeyStatementClaims(at, [.. inUse.Select(VerificationKeys.ToJwk)], [.. revoked]);
        return Jws.Sign(JsonSerializer.SerializeToUtf8Bytes(claims, FilesJson.Plain.KeyStatementClaims), signer, Typ);
    }

    internal static Verified<KeyStatementClaims> Read(string text, VerificationKeys keys) =>
        Jws.Verify(text, SignaturePurpose.License, Typ, keys, FilesJson.Plain.KeyStatementClaims);
}

internal sealed record KeyStatementClaims(
    [property: JsonPropertyName("iat"), JsonConverter(typeof(UnixSeconds))] DateTimeOffset IssuedAt,
    [property: JsonPropertyName("keys")] IReadOnlyList<JsonWebKey> InUse,
    [property: JsonPropertyName("revoked")] IReadOnlyList<string> Revoked);
