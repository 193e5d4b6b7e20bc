using System.Security.Cryptography;

namespace SelfHelpPortal.Licensing.Files;

/// <content>Keys as the portal stores them; a licensed program has no use for them.</content>
public sealed partial class Es256Key
{
    /// <summary>Reads a key in PEM (PKCS #8, SEC 1, or a public key).</summary>
    /// <exception cref="ArgumentException">The name begins with no purpose, or the text holds no key.</exception>
    /// <exception cref="CryptographicException">The key is damaged or not on P-256.</exception>
    public static Es256Key FromPem(string kid, string pem)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        ECParameters parameters;
        try
        {
            parameters = ecdsa.ExportParameters(includePrivateParameters: true);
        }
        catch (CryptographicException)
        {
            parameters = ecdsa.ExportParameters(includePrivateParameters: false);
        }

        return new Es256Key(kid, PurposeOf(kid), OnP256(parameters));
    }

    /// <summary>The private key in PEM (PKCS #8).</summary>
    public string ToPem()
    {
        using var ecdsa = ECDsa.Create(_parameters);
        return ecdsa.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static ECParameters OnP256(ECParameters parameters) =>
        parameters.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? parameters
            : throw new CryptographicException("The key is not on P-256.");
}
