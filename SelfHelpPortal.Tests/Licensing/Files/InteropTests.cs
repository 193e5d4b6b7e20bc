using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Tests.Licensing.Files;

/// <summary>Our small writer and reader against two implementations that are not ours.</summary>
public class InteropTests
{
    [Fact]
    public async Task Another_library_accepts_what_we_sign()
    {
        using var key = Es256Key.Create(SignaturePurpose.License);
        Armor.TryUnwrap(ArmorKind.License, Sample.License().Write(key), out var text).ShouldBeTrue();

        var set = new Microsoft.IdentityModel.Tokens.JsonWebKeySet(Encoding.UTF8.GetString(VerificationKeys.ToJwks([key])));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(text, Accepting(set.GetSigningKeys(), "lshp-license+jwt"));
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        result.Claims["sub"].ShouldBe(Sample.License().LicenseNumber);
        ((JsonWebToken)result.SecurityToken).Kid.ShouldBe(key.Kid);

        using var other = Es256Key.Create(SignaturePurpose.License);
        var wrong = new Microsoft.IdentityModel.Tokens.JsonWebKeySet(Encoding.UTF8.GetString(VerificationKeys.ToJwks([other])));
        (await new JsonWebTokenHandler()
            .ValidateTokenAsync(text, Accepting(wrong.GetSigningKeys(), "lshp-license+jwt"))).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void We_accept_what_another_library_signs()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var credentials = new SigningCredentials(new ECDsaSecurityKey(ecdsa) { KeyId = "answer-x" }, SecurityAlgorithms.EcdsaSha256);
        var text = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "lshp-answer+jwt",
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object>
            {
                ["nonce"] = "n-1",
                ["ts"] = 1_795_000_000,
                ["act"] = "0123456789ABC",
                ["gen"] = 3,
                ["valid"] = true,
                ["code"] = "VALID",
            },
        });

        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ecdsa) { KeyId = "answer-x" });
        var set =
            $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"answer-x","x":"{{jwk.X}}","y":"{{jwk.Y}}"},"""
            + """{"kty":"RSA","kid":"license-rsa","n":"AQAB","e":"AQAB"}]}""";
        var read = CheckInAnswer.Read(text, "n-1", VerificationKeys.FromJwks(Encoding.UTF8.GetBytes(set)));
        read.IsGenuine.ShouldBeTrue($"{read.Fault}: {text}");
        read.Claims!.Valid.ShouldBeTrue();
    }

    /// <summary>
    /// Made with <c>openssl ecparam -name prime256v1 -genkey</c> and <c>openssl dgst -sha256 -sign</c>; the private key was thrown away.
    /// </summary>
    [Fact]
    public void We_accept_what_OpenSSL_signs()
    {
        const string Public = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEszvYz6ALV1DlOWW43UBDjtkZkKe8
            pWUTW/SK9uEOpXFgnwCsqb7SLlSbKuAc9LJQS/uDsOK8UiQOEcOOmTR0ww==
            -----END PUBLIC KEY-----
            """;
        const string Text =
            "eyJhbGciOiJFUzI1NiIsImtpZCI6ImFuc3dlci1vcGVuc3NsIiwidHlwIjoibHNocC1hbnN3ZXIrand0In0."
            + "eyJub25jZSI6Im4tMSIsInRzIjoxNzk1MDAwMDAwLCJhY3QiOiIw"
            + "MTIzNDU2Nzg5QUJDIiwiZ2VuIjozLCJ2YWxpZCI6ZmFsc2UsImNvZGUiOiJSRUxFQVNFRCJ9."
            + "hokoIOHrP3NRmVSm0V9rRqyJKMiApb-amQbJQH6IpEVjluMe2Lb9RYIRnOwhG7Tx3R25YnxdZ8bEnKLgxA6Kyw";
        using var key = Es256Key.FromPem("answer-openssl", Public);
        key.CanSign.ShouldBeFalse();
        CheckInAnswer.Read(Text, "n-1", new VerificationKeys([key])).Claims.ShouldBe(
            new CheckInAnswer("n-1", DateTimeOffset.FromUnixTimeSeconds(1_795_000_000), "0123456789ABC", 3, false, "RELEASED"));
    }

    [Fact]
    public void Keys_survive_every_form_of_PEM_and_other_curves_are_refused()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var pem in new[] { ecdsa.ExportPkcs8PrivateKeyPem(), ecdsa.ExportECPrivateKeyPem() })
        {
            using var key = Es256Key.FromPem("license-a", pem);
            key.CanSign.ShouldBeTrue();
            using var again = Es256Key.FromPem("license-a", key.ToPem());
            again.X.ToArray().ShouldBe(key.X.ToArray());
            LicenseFile.Read(Sample.License().Write(key), new VerificationKeys([again.ToPublic()])).IsGenuine.ShouldBeTrue();
        }

        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Should.Throw<CryptographicException>(() => Es256Key.FromPem("license-a", other.ExportPkcs8PrivateKeyPem()));
        Should.Throw<ArgumentException>(() => Es256Key.FromPem("invoice-a", ecdsa.ExportPkcs8PrivateKeyPem()));
        Should.Throw<CryptographicException>(() => Es256Key.FromPublicPoint("license-a", new byte[32], new byte[32]));
    }

    [Fact]
    public void Many_threads_may_sign_with_one_key()
    {
        using var key = Es256Key.Create(SignaturePurpose.Answer);
        var keys = new VerificationKeys([key.ToPublic()]);
        var faults = Enumerable.Range(0, 400).AsParallel().WithDegreeOfParallelism(8)
            .Select(i => new CheckInAnswer($"n-{i}", DateTimeOffset.UnixEpoch, "0123456789ABC", 1, true, "VALID"))
            .Count(a => CheckInAnswer.Read(a.Write(key), a.Nonce, keys).Claims != a);
        faults.ShouldBe(0);
    }

    private static TokenValidationParameters Accepting(IEnumerable<SecurityKey> keys, string typ) => new()
    {
        IssuerSigningKeys = keys,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = [typ],
        ValidateAudience = false,
        ValidateIssuer = false,
        ValidateLifetime = false,
    };
}
