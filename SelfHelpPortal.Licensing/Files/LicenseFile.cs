using System.Text.Json;
using System.Text.Json.Serialization;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// The signed file <c>*.lshlic</c> that an activation hands to the licensed software (codes.md). Times are UTC in whole seconds.
/// It holds the release secret, so it is itself a secret: encrypt it at rest, never log it.
/// </summary>
public sealed record LicenseFile
{
    /// <summary>The portal's public address.</summary>
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    /// <summary>New for every file.</summary>
    [JsonPropertyName("jti")]
    public required string FileId { get; init; }

    /// <summary><c>L-…</c>.</summary>
    [JsonPropertyName("sub")]
    public required string LicenseNumber { get; init; }

    /// <summary>The activation's handle, 13 symbols.</summary>
    [JsonPropertyName("act")]
    public required string Handle { get; init; }

    /// <summary>1 to 255.</summary>
    [JsonPropertyName("gen")]
    public required int Generation { get; init; }

    [JsonPropertyName("iat"), JsonConverter(typeof(UnixSeconds))]
    public required DateTimeOffset IssuedAt { get; init; }

    [JsonPropertyName("nbf"), JsonConverter(typeof(UnixSeconds))]
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End of a loan or time-limited license; absent = unlimited.</summary>
    [JsonPropertyName("exp"), JsonConverter(typeof(UnixSeconds))]
    public DateTimeOffset? ExpiresAt { get; init; }

    [JsonPropertyName("chk")]
    public required CheckInRule CheckIn { get; init; }

    /// <summary>Id of the product.</summary>
    [JsonPropertyName("prd")]
    public required string Product { get; init; }

    [JsonPropertyName("edt")]
    public string? Edition { get; init; }

    /// <summary>What the license unlocks, by name; empty when the product has only one form.</summary>
    [JsonPropertyName("feat")]
    public required IReadOnlyDictionary<string, string> Features { get; init; }

    [JsonPropertyName("seats")]
    public required int Seats { get; init; }

    /// <summary>Until when updates are included.</summary>
    [JsonPropertyName("mnt"), JsonConverter(typeof(UnixSeconds))]
    public DateTimeOffset? MaintenanceUntil { get; init; }

    [JsonPropertyName("hw")]
    public required string HardwareCode { get; init; }

    /// <summary>The customer's name as the program may show it.</summary>
    [JsonPropertyName("cust")]
    public required string Customer { get; init; }

    /// <summary>The vendor's serial <c>S-…</c>, if the license has one.</summary>
    [JsonPropertyName("ref")]
    public string? Serial { get; init; }

    /// <summary>The last five symbols of the activation key.</summary>
    [JsonPropertyName("kl5")]
    public required string KeyLastFive { get; init; }

    /// <summary>20 bytes.</summary>
    [JsonPropertyName("rs"), JsonConverter(typeof(Base64UrlBytes))]
    public required byte[] ReleaseSecret { get; init; }

    [JsonPropertyName("tmp")]
    public TemporaryUse? Temporary { get; init; }

    private bool IsSound =>
        Generation is >= 1 and <= 255
        && Seats >= 1
        && CheckIn is { EveryDays: >= 1, GraceDays: >= 0 }
        && ReleaseSecret.Length == Codes.ReleaseSecret.ByteLength
        && Handles.TryParse(Handle, out var handle) && handle == Handle;

    /// <summary>Whether both say the same of the license, whenever they were written.</summary>
    public bool SaysTheSameAs(LicenseFile other)
    {
        var later = other with { FileId = FileId, IssuedAt = IssuedAt, NotBefore = NotBefore };
        return JsonSerializer.Serialize(this, FilesJson.Plain.LicenseFile) == JsonSerializer.Serialize(later, FilesJson.Plain.LicenseFile);
    }

    /// <summary>The armored, signed file.</summary>
    public string Write(Es256Key key) =>
        Armor.Wrap(ArmorKind.License, Jws.Sign(JsonSerializer.SerializeToUtf8Bytes(this, FilesJson.Plain.LicenseFile), key));

    /// <summary>
    /// Reads the armored file as it was mailed, pasted or stored. Says nothing about its dates: the caller knows the time.
    /// </summary>
    public static Verified<LicenseFile> Read(string? armored, VerificationKeys keys)
    {
        // Without a frame there is no text, which is no signed one either.
        Armor.TryUnwrap(ArmorKind.License, armored, out var text);
        var verified = Jws.Verify(text, SignaturePurpose.License, keys, FilesJson.Plain.LicenseFile);
        return verified.IsGenuine && !verified.Claims.IsSound ? FileFault.BadClaims : verified;
    }
}

/// <summary>How often the software checks in, and for how many days it may go on when it cannot.</summary>
public sealed record CheckInRule(
    [property: JsonPropertyName("every")] int EveryDays,
    [property: JsonPropertyName("grace")] int GraceDays);

/// <summary>Why and until when the license is lent.</summary>
public sealed record TemporaryUse(string Reason, [property: JsonConverter(typeof(UnixSeconds))] DateTimeOffset Until);
