using System.Text.Json;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Signing;

/// <summary>
/// The statements of all rotations and revocations, the oldest first, in the file <c>key-statements.json</c> of the secrets directory. They
/// are no secret: they lie there because they belong to the keys, and nobody can make them again.
/// </summary>
internal static class KeyStatementFile
{
    public const string Name = "key-statements.json";

    /// <summary>Empty before the first rotation.</summary>
    /// <exception cref="StartRefusedException">The file is damaged.</exception>
    public static string[] Read(SecretsDirectory directory)
    {
        try
        {
            return directory.Read(Name) is not { } bytes ? []
                : JsonSerializer.Deserialize<Body>(bytes, JsonSerializerOptions.Web)?.Statements
                    ?? throw new JsonException("there are no statements in it");
        }
        catch (JsonException damage)
        {
            throw new StartRefusedException(
                $"The file \"{Name}\" in {directory.Path} is damaged ({damage.Message}). Restore it from the backup.");
        }
    }

    public static byte[] Write(string[] statements) =>
        JsonSerializer.SerializeToUtf8Bytes(new Body(statements), JsonSerializerOptions.Web);

    private sealed record Body(string[]? Statements);
}
