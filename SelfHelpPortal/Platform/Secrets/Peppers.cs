using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Platform.Configuration;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// The secrets that key every look-up hash: a stolen dump of the database alone allows no guessing. File <c>peppers</c>: one line each,
/// base64url of 32 bytes, oldest first; the last one is current. Earlier ones stay until every row is hashed anew.
/// </summary>
internal sealed class Peppers
{
    public const string FileName = "peppers";
    private const int Bytes = 32;

    private readonly Pepper[] _ring;

    private Peppers(Pepper[] ring) => _ring = ring;

    /// <summary>Names the current pepper; stored beside each hash. Made from the pepper, so a wrong file can never pass for the right one.</summary>
    public string CurrentKid => _ring[^1].Kid;

    public IEnumerable<string> Kids => _ring.Select(p => p.Kid);

    /// <summary>Reads the ring; makes the first pepper where the directory allows it.</summary>
    public static Peppers Open(SecretsDirectory directory)
    {
        var bytes = directory.ReadOrCreate(
            FileName,
            "without the pepper no activation key of this database can be found",
            () => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)) + "\n"));
        var lines = Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ring = Array.ConvertAll(lines, line => Parse(line, directory));
        return ring.Length > 0 ? new Peppers(ring) : throw Broken(directory);
    }

    /// <summary>HMAC-SHA-256 with the current pepper.</summary>
    public byte[] Mac(string text) => HMACSHA256.HashData(_ring[^1].Secret, Encoding.UTF8.GetBytes(text));

    /// <summary>HMAC-SHA-256 with the named pepper, or null if the ring does not hold it.</summary>
    public byte[]? Mac(string kid, string text) =>
        Array.Find(_ring, p => p.Kid == kid) is { } pepper ? HMACSHA256.HashData(pepper.Secret, Encoding.UTF8.GetBytes(text)) : null;

    private static Pepper Parse(string line, SecretsDirectory directory)
    {
        if (!Base64Url.IsValid(line, out var length) || length != Bytes)
        {
            throw Broken(directory);
        }

        var secret = Base64Url.DecodeFromChars(line);
        var digest = HMACSHA256.HashData(secret, "lshp/pepper-id/v1"u8);
        return new Pepper("p-" + Convert.ToHexStringLower(digest.AsSpan(0, 6)), secret);
    }

    private static StartRefusedException Broken(SecretsDirectory directory) =>
        new($"The file \"{FileName}\" in {directory.Path} is damaged: each line must be base64url of {Bytes} bytes. Restore it from the backup.");

    private sealed record Pepper(string Kid, byte[] Secret);
}
