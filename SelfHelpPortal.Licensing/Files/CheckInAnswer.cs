using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// The signed part of an answer to a check-in. It repeats the nonce of the question, so that an old answer cannot be played again,
/// and it is signed with another key than license files.
/// </summary>
/// <param name="Nonce">As the device sent it.</param>
/// <param name="At">The portal's time.</param>
/// <param name="Handle">The activation's handle.</param>
/// <param name="Generation">The activation's generation.</param>
/// <param name="Valid">Whether the software may go on.</param>
/// <param name="Code">The code of api.md, for example <c>RELEASED</c>.</param>
public sealed record CheckInAnswer(
    string Nonce,
    [property: JsonPropertyName("ts"), JsonConverter(typeof(UnixSeconds))] DateTimeOffset At,
    [property: JsonPropertyName("act")] string Handle,
    [property: JsonPropertyName("gen")] int Generation,
    bool Valid,
    string Code)
{
    public string Write(Es256Key key) => Jws.Sign(JsonSerializer.SerializeToUtf8Bytes(this, FilesJson.Plain.CheckInAnswer), key);

    /// <summary>Reads an answer to the question with this nonce; every other one is refused as <see cref="FileFault.BadClaims"/>.</summary>
    public static Verified<CheckInAnswer> Read(string? text, string nonce, VerificationKeys keys)
    {
        var verified = Jws.Verify(text, SignaturePurpose.Answer, keys, FilesJson.Plain.CheckInAnswer);
        return verified.IsGenuine && verified.Claims.Nonce != nonce ? FileFault.BadClaims : verified;
    }
}
