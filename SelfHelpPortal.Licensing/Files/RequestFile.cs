using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Files;

public enum RequestFileProblem
{
    Empty,

    /// <summary>More than <see cref="RequestFile.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>No request file, or one that was changed.</summary>
    NotOne,
}

/// <summary>
/// What "Lizenzinfo senden" produces: the file <c>*.lshreq </c> with everything a person would otherwise copy (codes.md). It proves
/// nothing; it is read wherever a hardware code is asked for.
/// </summary>
public sealed record RequestFile
{
    public const int MaxBytes = 8 * 1024;

    private static readonly Regex Name = new(@"LSHP\sREQUEST", RegexOptions.CultureInvariant);

    [JsonPropertyName("v")]
    public required int Version { get; init; }

    /// <summary><c>activate</c>, <c>release</c> or <c>info</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of the product.</summary>
    public required string Product { get; init; }

    public string? ActivationKey { get; init; }
    public required string HardwareCode { get; init; }
    public required string PcName { get; init; }
    public required string AppVersion { get; init; }

    /// <summary>By that computer's clock.</summary>
    public required DateTimeOffset Created { get; init; }

    public required string Nonce { get; init; }
    public string? Handle { get; init; }
    public int? Generation { get; init; }
    public string? Mac { get; init; }

    public string Write() => Armor.Wrap(ArmorKind.Request, JsonSerializer.Serialize(this, FilesJson.Plain.RequestFile));

    /// <summary>Whether a text that somebody pasted is meant as a request file, so that its problem is named as one of a file.</summary>
    public static bool LooksLikeOne(string text) => Name.IsMatch(text);

    public static bool TryRead(string? text, [NotNullWhen(true)] out RequestFile? file, out RequestFileProblem problem)
    {
        file = null;
        problem = string.IsNullOrWhiteSpace(text) ? RequestFileProblem.Empty
            : Encoding.UTF8.GetByteCount(text) > MaxBytes ? RequestFileProblem.TooLarge
            : RequestFileProblem.NotOne;
        if (problem == RequestFileProblem.NotOne)
        {
            file = Armor.Readings(ArmorKind.Request, text).Select(Parse).FirstOrDefault(read => read is not null);
        }

        return file is not null;
    }

    private static RequestFile? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FilesJson.Plain.RequestFile)
                is { Version: 1, Kind: "activate" or "release" or "info" } file ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
