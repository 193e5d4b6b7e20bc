using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// JSON Web Signatures in compact form (RFC 7515), as narrow as the license file needs them: three header members, ES256, keys by name.
/// The algorithm comes from the verifier's record of the key, never from the text (RFC 8725, section 3.1).
/// </summary>
public static class Jws
{
    /// <summary>Longest text that is looked at, in characters.</summary>
    public const int MaxLength = Armor.MaxLength;

    /// <summary>Signs the payload for the purpose of the key.</summary>
    public static string Sign(ReadOnlySpan<byte> payload, Es256Key key) => Sign(payload, key, key.HeaderSegment.Span);

    /// <summary>The same for something else than what the key is usually for.</summary>
    internal static string Sign(ReadOnlySpan<byte> payload, Es256Key key, string typ) =>
        Sign(payload, key, Encoding.ASCII.GetBytes(StrictBase64Url.Encode(Header(key.Kid, typ))));

    private static string Sign(ReadOnlySpan<byte> payload, Es256Key key, ReadOnlySpan<byte> header)
    {
        var signed = header.Length + 1 + Base64Url.GetEncodedLength(payload.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(signed + 1 + Base64Url.GetEncodedLength(Es256Key.SignatureLength));
        header.CopyTo(buffer);
        buffer[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, buffer.AsSpan(header.Length + 1));

        Span<byte> signature = stackalloc byte[Es256Key.SignatureLength];
        key.Sign(buffer.AsSpan(0, signed), signature);
        buffer[signed] = (byte)'.';
        var length = signed + 1 + Base64Url.EncodeToUtf8(signature, buffer.AsSpan(signed + 1));

        var text = Encoding.ASCII.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return text;
    }

    /// <summary>The claims, if the text was signed for this purpose by one of the keys and is exactly what the signer wrote.</summary>
    public static Verified<T> Verify<T>(string? text, SignaturePurpose purpose, VerificationKeys keys, JsonTypeInfo<T> claims)
        where T : class => Verify(text, purpose, purpose.Typ(), keys, claims);

    /// <summary>The same for something else than what keys of this purpose usually sign.</summary>
    internal static Verified<T> Verify<T>(
        string? text, SignaturePurpose purpose, string typ, VerificationKeys keys, JsonTypeInfo<T> claims)
        where T : class
    {
        if (text is null or { Length: > MaxLength } || !TrySplit(text, out var headerEnd, out var payloadEnd)
            || ReadHeader(text.AsSpan(0, headerEnd)) is not { } header)
        {
            return FileFault.Malformed;
        }

        if (keys.Find(header.Kid) is not { } key)
        {
            return FileFault.UnknownKey;
        }

        if (key.Purpose != purpose)
        {
            return FileFault.ForeignKey;
        }

        if (header.Alg != Es256Key.Algorithm)
        {
            return FileFault.WrongAlgorithm;
        }

        if (header.Typ != typ)
        {
            return FileFault.WrongType;
        }

        if (StrictBase64Url.Decode(text.AsSpan(payloadEnd + 1)) is not { Length: Es256Key.SignatureLength } signature
            || StrictBase64Url.Decode(text.AsSpan(headerEnd + 1, payloadEnd - headerEnd - 1)) is not { } payload)
        {
            return FileFault.Malformed;
        }

        if (!key.Verify(Encoding.ASCII.GetBytes(text, 0, payloadEnd), signature))
        {
            return FileFault.BadSignature;
        }

        return Read(payload, claims) is { } read ? read : FileFault.BadClaims;
    }

    internal static byte[] Header(string kid, string typ) =>
        JsonSerializer.SerializeToUtf8Bytes(new JwsHeader(Es256Key.Algorithm, kid, typ), FilesJson.Plain.JwsHeader);

    private static bool TrySplit(string text, out int headerEnd, out int payloadEnd)
    {
        headerEnd = text.IndexOf('.', StringComparison.Ordinal);
        payloadEnd = headerEnd < 0 ? -1 : text.IndexOf('.', headerEnd + 1);
        return payloadEnd >= 0 && text.IndexOf('.', payloadEnd + 1) < 0;
    }

    private static JwsHeader? ReadHeader(ReadOnlySpan<char> text) =>
        StrictBase64Url.Decode(text) is { } json ? Read(json, FilesJson.Plain.JwsHeader) : null;

    private static T? Read<T>(byte[] json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The only members a header may have: no key, certificate or address in the text is ever followed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record JwsHeader(
    [property: JsonRequired] string Alg,
    [property: JsonRequired] string Kid,
    [property: JsonRequired] string Typ);
