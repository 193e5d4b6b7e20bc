using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Signing;

internal enum SigningKeyState
{
    /// <summary>Signs.</summary>
    Current,

    /// <summary>Published, so that every client knows it before it signs.</summary>
    Next,

    /// <summary>Signs no more; what it signed stays valid.</summary>
    Earlier,

    /// <summary>Signs no more, and nothing it ever signed is accepted.</summary>
    Revoked,
}

/// <summary>
/// One line of the manifest. Private parts are not in it: those of current and next keys are PEM files, the others are deleted.
/// </summary>
internal sealed record SigningKeyEntry(
    string Kid, SigningKeyState State, byte[] X, byte[] Y, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    [JsonIgnore]
    public SignaturePurpose? Purpose => SignaturePurposes.OfKid(Kid);

    [JsonIgnore]
    public string PemName => Kid + ".pem";
}

/// <summary>The manifest <c>signing-keys.json</c> in the secrets directory: which keys exist and what each is used for.</summary>
internal static class SigningKeyFile
{
    public const string Name = "signing-keys.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static byte[] Write(IEnumerable<SigningKeyEntry> entries) => JsonSerializer.SerializeToUtf8Bytes(entries, Json);

    public static SigningKeyEntry[] Parse(byte[] bytes, SecretsDirectory directory)
    {
        try
        {
            var entries = JsonSerializer.Deserialize<SigningKeyEntry[]>(bytes, Json);
            var complete = entries is not null && Array.TrueForAll(entries, e => e.Purpose is not null) && SignaturePurposes.All.All(p =>
                entries.Count(e => e.Purpose == p && e.State == SigningKeyState.Current) == 1
                && entries.Count(e => e.Purpose == p && e.State == SigningKeyState.Next) == 1);
            return complete
                ? entries!
                : throw new JsonException(
                    "The signing keys lack a current or a next key for one of the purposes; restore the file or run keys rotate.");
        }
        catch (JsonException damage)
        {
            throw new StartRefusedException(
                $"The file \"{Name}\" in {directory.Path} is damaged ({damage.Message}). Restore it from the backup.");
        }
    }

    /// <summary>Makes a key and stores its private part; the entry is not in the manifest yet.</summary>
    public static SigningKeyEntry Create(SecretsDirectory directory, SignaturePurpose purpose, SigningKeyState state, DateTimeOffset now)
    {
        using var key = Es256Key.Create(purpose);
        var entry = new SigningKeyEntry(key.Kid, state, key.X.ToArray(), key.Y.ToArray(), now, now);
        directory.Write(entry.PemName, Encoding.ASCII.GetBytes(key.ToPem()));
        return entry;
    }

    /// <summary>The key of an entry, with its private part if it may sign.</summary>
    public static Es256Key Open(SecretsDirectory directory, SigningKeyEntry entry)
    {
        if (entry.State is not (SigningKeyState.Current or SigningKeyState.Next))
        {
            try
            {
                return Es256Key.FromPublicPoint(entry.Kid, entry.X, entry.Y);
            }
            catch (CryptographicException)
            {
                throw new StartRefusedException(
                    $"The file \"{Name}\" in {directory.Path} is damaged at {entry.Kid}. Restore it from the backup.");
            }
        }

        var pem = directory.Read(entry.PemName)
            ?? throw new StartRefusedException(
                $"The signing key \"{entry.PemName}\" is missing in {directory.Path}. Restore it from the backup.");
        try
        {
            var key = Es256Key.FromPem(entry.Kid, Encoding.ASCII.GetString(pem));
            return key.CanSign && key.X.Span.SequenceEqual(entry.X) && key.Y.Span.SequenceEqual(entry.Y)
                ? key
                : throw new ArgumentException("The key id does not fit the key.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new StartRefusedException(
                $"The file \"{entry.PemName}\" in {directory.Path} does not hold the key it is named after. Restore it from the backup.");
        }
    }
}
