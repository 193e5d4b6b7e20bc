using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>
/// A named key for ES256 (ECDSA on P-256 with SHA-256, RFC 7518 section 3.4), for signing and verifying or for verifying only.
/// May be used by any number of threads: <see cref="ECDsa"/> promises that for no instance, so idle ones are kept and lent.
/// </summary>
public sealed partial class Es256Key : IDisposable
{
    public const string Algorithm = "ES256";

    /// <summary>Bytes of a signature: R and S.</summary>
    public const int SignatureLength = 64;

    private const int CoordinateLength = 32;

    private readonly ECParameters _parameters;
    private readonly ConcurrentBag<ECDsa> _idle = [];

    private Es256Key(string kid, SignaturePurpose purpose, ECParameters parameters)
    {
        (Kid, Purpose, _parameters) = (kid, purpose, parameters);
        HeaderSegment = Encoding.ASCII.GetBytes(StrictBase64Url.Encode(Jws.Header(kid, purpose.Typ())));
    }

    public string Kid { get; }

    /// <summary>What the key's name says it is for; it is used for nothing else.</summary>
    public SignaturePurpose Purpose { get; }

    public bool CanSign => _parameters.D is not null;

    /// <summary>The coordinates of the public point, 32 bytes each.</summary>
    public ReadOnlyMemory<byte> X => _parameters.Q.X;

    public ReadOnlyMemory<byte> Y => _parameters.Q.Y;

    /// <summary>The encoded header of everything this key signs; it is always the same.</summary>
    internal ReadOnlyMemory<byte> HeaderSegment { get; }

    /// <summary>A new key. Its name is the purpose and the first 64 bits of its RFC 7638 thumbprint.</summary>
    public static Es256Key Create(SignaturePurpose purpose)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = ecdsa.ExportParameters(includePrivateParameters: true);
        var (x, y) = (StrictBase64Url.Encode(parameters.Q.X), StrictBase64Url.Encode(parameters.Q.Y));
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        var thumbprint = SHA256.HashData(Encoding.ASCII.GetBytes(canonical));
        return new Es256Key(purpose.KidPrefix() + Convert.ToHexStringLower(thumbprint.AsSpan(0, 8)), purpose, parameters);
    }

    /// <summary>A key for verifying only.</summary>
    /// <exception cref="ArgumentException">The name begins with no purpose.</exception>
    /// <exception cref="CryptographicException">The point is none of P-256.</exception>
    public static Es256Key FromPublicPoint(string kid, byte[] x, byte[] y)
    {
        if (x.Length != CoordinateLength || y.Length != CoordinateLength)
        {
            throw new CryptographicException("The public key is no point of P-256: two coordinates of 32 bytes were expected.");
        }

        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
        using (ECDsa.Create(parameters))
        {
            // Importing checks that the point lies on the curve.
        }

        return new Es256Key(kid, PurposeOf(kid), parameters);
    }

    /// <summary>The same key without its private part.</summary>
    public Es256Key ToPublic() => new(Kid, Purpose, new ECParameters { Curve = _parameters.Curve, Q = _parameters.Q });

    public void Dispose()
    {
        while (_idle.TryTake(out var ecdsa))
        {
            ecdsa.Dispose();
        }
    }

    internal void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        var ecdsa = Lend();
        if (!ecdsa.TrySignData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _))
        {
            throw new CryptographicException("The signature did not fit.");
        }

        _idle.Add(ecdsa);
    }

    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var ecdsa = Lend();
        var genuine = ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _idle.Add(ecdsa);
        return genuine;
    }

    private static SignaturePurpose PurposeOf(string kid) =>
        SignaturePurposes.OfKid(kid)
            ?? throw new ArgumentException($"The key id '{kid}' does not begin with a known purpose.", nameof(kid));

    private ECDsa Lend() => _idle.TryTake(out var ecdsa) ? ecdsa : ECDsa.Create(_parameters);
}
