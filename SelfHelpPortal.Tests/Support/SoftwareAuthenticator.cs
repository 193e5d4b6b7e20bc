using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A device that keeps one passkey (ES256, attestation "none") and answers as a browser would; each part can be made wrong.
/// </summary>
internal sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01, UserVerified = 0x04, HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The account, as the portal named it when the passkey was made.</summary>
    private string _user = "";

    public byte[] CredentialId { get; private set; } = RandomNumberGenerator.GetBytes(32);

    public required string Origin { get; set; }

    public string? Challenge { get; set; }

    public bool Verifies { get; set; } = true;

    /// <summary>Zero: it does not count, as those that live in several devices at once.</summary>
    public uint Count { get; set; }

    /// <summary>Says that the passkey is another's.</summary>
    public string? PretendsToBe { get; set; }

    /// <summary>Answers <c>navigator.credentials.create</c>.</summary>
    public string Create(JsonElement options)
    {
        _user = options.GetProperty("user").GetProperty("id").GetString()!;
        var client = Client("webauthn.create", options);
        var point = _key.ExportParameters(false).Q;
        byte[] key = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        byte[] data = [.. Data(options.GetProperty("rp").GetProperty("id").GetString()!, HasCredential), .. new byte[16], .. length,
            .. CredentialId, .. key];
        byte[] attestation =
            [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58, (byte)data.Length, .. data];
        return Json(new
        {
            attestationObject = Base64Url.EncodeToString(attestation),
            clientDataJSON = Base64Url.EncodeToString(client),
            transports = (string[])["internal"]
        });
    }

    /// <summary>Answers <c>navigator.credentials.get</c>.</summary>
    public string Get(JsonElement options)
    {
        var client = Client("webauthn.get", options);
        var data = Data(options.GetProperty("rpId").GetString()!, 0);
        var signature =
            _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Json(new
        {
            authenticatorData = Base64Url.EncodeToString(data),
            clientDataJSON = Base64Url.EncodeToString(client),
            signature = Base64Url.EncodeToString(signature),
            userHandle = PretendsToBe is { } other ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(other)) : _user,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Client(string type, JsonElement options) => JsonSerializer.SerializeToUtf8Bytes(
        new { type, challenge = Challenge ?? options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false });

    private byte[] Data(string domain, byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), (byte)(flags | UserPresent | (Verifies ? UserVerified : 0)), .. count];
    }

    private string Json(object response)
    {
        var id = Base64Url.EncodeToString(CredentialId);
        return JsonSerializer.Serialize(
            new { id, rawId = id, type = "public-key", response, clientExtensionResults = new { }, authenticatorAttachment = "platform" });
    }

    // CBOR: a text of less than 24 characters.
    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];
}
