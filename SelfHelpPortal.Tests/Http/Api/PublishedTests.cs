using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>
/// What anybody may fetch: the key set, the blocklist and the OpenAPI document; and that files verify with them by other people's code.
/// </summary>
public sealed class PublishedTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task A_license_file_verifies_by_an_independent_library()
    {
        var till = await portal.ActiveTillAsync("KASSE-1");

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(Unarmoured(till.License!), new TokenValidationParameters
        {
            IssuerSigningKeys = new Microsoft.IdentityModel.Tokens.JsonWebKeySet(await JwksAsync()).GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["lshp-license+jwt"],
            ValidIssuer = $"http://localhost:{portal.Portal.Address.Port}",
            ValidateAudience = false,
            RequireExpirationTime = false,
            LifetimeValidator = (_, _, _, _) => true,
        });

        result.IsValid.ShouldBeTrue(result.Exception?.ToString());
        result.Claims["act"].ShouldBe(till.Handle);
        result.Claims["rs"].ShouldBe(Base64Url.EncodeToString(till.Secret));
        result.Claims["kl5"].ShouldBe(till.Key[^5..]);
    }

    [Fact]
    public async Task A_license_file_verifies_with_openssl_against_the_key_set()
    {
        var till = await portal.ActiveTillAsync("KASSE-2");
        var parts = Unarmoured(till.License!).Split('.');
        var kid = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["kid"]!.GetValue<string>();
        var key = JsonNode.Parse(await JwksAsync())!["keys"]!.AsArray().Single(k => k!["kid"]!.GetValue<string>() == kid)!;
        byte[] point =
            [4, .. Base64Url.DecodeFromChars(key["x"]!.GetValue<string>()), .. Base64Url.DecodeFromChars(key["y"]!.GetValue<string>())];

        // SubjectPublicKeyInfo of a point on P-256, and the signature's two halves as the ASN.1 sequence that openssl reads.
        byte[] info = [.. Convert.FromHexString("3059301306072A8648CE3D020106082A8648CE3D030107034200"), .. point];
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");

        (await OpenSslAsync(info, signed, Asn1(Base64Url.DecodeFromChars(parts[2])))).ShouldContain("Verified OK");
        signed[^1] ^= 1;
        (await OpenSslAsync(info, signed, Asn1(Base64Url.DecodeFromChars(parts[2])))).ShouldNotContain("Verified OK");
    }

    [Fact]
    public async Task The_key_set_names_every_purpose_and_no_private_part()
    {
        using var client = portal.Portal.CreateClient();

        using var response = await client.GetAsync("/.well-known/jwks.json");

        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.Headers.CacheControl!.Public.ShouldBeTrue();
        var keys = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["keys"]!.AsArray();
        keys.Select(k => k!["kid"]!.GetValue<string>().Split('-')[0]).Distinct()
            .ShouldBe(["license", "answer", "blocklist"], ignoreOrder: true);
        keys.ShouldAllBe(k => k!["kty"]!.GetValue<string>() == "EC" && k["crv"]!.GetValue<string>() == "P-256" && k["d"] == null);
    }

    [Fact]
    public async Task The_blocklist_names_what_may_no_longer_run_and_only_that()
    {
        await using var own = new ApiPortal();
        await own.InitializeAsync();
        var fine = await own.ActiveTillAsync("FREI");
        var revoked = await own.ActiveTillAsync("BEENDET");
        await own.StaffAsync(revoked, (license, _) => license.Revoke(own.Clock.Now));
        var excluded = await own.ActiveTillAsync("VERBANNT");
        await own.StaffAsync(excluded, (license, activation) => license.Exclude(activation, new HardwarePolicy(), own.Clock.Now));
        var released = await own.ActiveTillAsync("FREIGEGEBEN");
        await released.ReleaseAsync();
        var dead = await own.ActiveTillAsync("DEFEKT");
        await own.StaffAsync(dead, (license, activation) =>
            license.Release(activation, ReleaseMethod.ActivationKey, A.FreeRelease, own.Clock.Now).ShouldSucceed());
        var back = await own.ActiveTillAsync("DEFEKT", key: dead.Key);
        var (old, taker) = await own.ContradictionAsync(ApiPortal.Beam);
        await old.CheckAsync();

        var first = await BlocklistAsync(own);
        await own.StaffAsync(taker, (license, _) => license.Unlock(license.OpenFlag(FlagKind.Sighting)!, own.Clock.Now));
        var soon = await BlocklistAsync(own);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        var later = await BlocklistAsync(own);

        Handles(first).ShouldBe(Handles(revoked, excluded, dead, old, taker));
        first.Blocked.Single(b => b.Handle == revoked.Handle).Generation.ShouldBe(1);
        Handles(soon).ShouldBe(Handles(first), "the list is kept for a minute");
        Handles(later)
            .ShouldBe(Handles(revoked, excluded, dead, old), "after the unlock the new computer goes on and the old one stays locked");
        later.Sequence.ShouldBeGreaterThan(first.Sequence);
        Handles(later).ShouldNotContain(fine.Handle);
        Handles(later).ShouldNotContain(back.Handle, "the repaired PC has the license again");
    }

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_and_lists_every_endpoint_with_examples()
    {
        using var client = portal.Portal.CreateClient();

        using var response = await client.GetAsync("/openapi/v1.json");

        ((int)response.StatusCode).ShouldBe(200);
        var document = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        document["servers"]![0]!["url"]!.GetValue<string>().ShouldBe($"http://localhost:{portal.Portal.Address.Port}");
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"));
        operations.ShouldBe(
            [
                "POST /api/v1/activations", "POST /api/v1/offline-activations", "POST /api/v1/activations/{handle}/check",
                    "POST /api/v1/activations/{handle}/release",
                "GET /api/v1/blocklist", "GET /.well-known/jwks.json", "GET /.well-known/key-statements.json",
                "POST /api/v1/backoffice/customers", "GET /api/v1/backoffice/customers/{number}", "POST /api/v1/backoffice/licenses",
                "GET /api/v1/backoffice/licenses/{number}", "POST /api/v1/backoffice/licenses/{number}/renew",
                "POST /api/v1/backoffice/licenses/{number}/suspend", "POST /api/v1/backoffice/licenses/{number}/resume",
                "GET /api/v1/backoffice/changes",
            ],
            ignoreOrder: true);
        var activate = document["paths"]!["/api/v1/activations"]!["post"]!;
        activate["requestBody"]!["content"]!["application/json"]!["example"]!["activationKey"]!.GetValue<string>()
            .ShouldBe("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH");
        activate["responses"]!.AsObject().Select(r => r.Key)
            .ShouldBe(["200", "201", "400", "403", "404", "409", "422", "423", "429"], ignoreOrder: true);
        var offline = document["paths"]!["/api/v1/offline-activations"]!["post"]!;
        offline["requestBody"]!["content"]!["text/plain"]!["example"]!.GetValue<string>().ShouldStartWith("-----BEGIN LSHP REQUEST-----");
        offline["responses"]!["201"]!["content"]!["text/plain"]!["example"]!.GetValue<string>()
            .ShouldStartWith("-----BEGIN LSHP LICENSE-----");
        offline["responses"]!.AsObject().Select(r => r.Key)
            .ShouldBe(activate["responses"]!.AsObject().Select(r => r.Key), ignoreOrder: true);
        var conflict = activate["responses"]!["409"]!["content"]!["application/problem+json"]!;
        conflict["examples"]!["TOO_MANY_ACTIVATIONS"]!["value"]!["activations"]!.AsArray().Count.ShouldBe(1);
        conflict["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/ApiProblem");
        activate["responses"]!["403"]!["content"]!["application/problem+json"]!["examples"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["SUSPENDED", "REVOKED", "EXPIRED", "DEVICE_EXCLUDED"], ignoreOrder: true);
        document["components"]!["schemas"]!["CheckInBody"]!["properties"]!["ts"]!["type"]!.GetValue<string>().ShouldBe("integer");
        document["components"]!["schemas"]!["ActivateBody"]!["required"]!.AsArray().Select(r => r!.GetValue<string>())
            .ShouldBe(["activationKey", "product", "hardwareCode", "nonce"], ignoreOrder: true);
        document["components"]!["schemas"]!["ApiProblem"]!["properties"]!.AsObject().Select(p => p.Key)
            .ShouldBe(
                ["type", "title", "status", "code", "detail", "nextAllowedAt", "caseNumber", "retryAfter", "serverTime", "activations",
                    "releaseUrl", "missingScope"],
                ignoreOrder: true);
    }

    [Fact]
    public void The_examples_can_be_read()
    {
        HardwareCode.TryParse(ApiExamples.Check.HardwareCode, out _, out _).ShouldBeTrue();
        ActivationKey.TryParse(ApiExamples.Activate.ActivationKey, out _, out _).ShouldBeTrue();
        SelfHelpPortal.Licensing.Codes.Handles.TryParse(ApiExamples.Activated.Handle, out _).ShouldBeTrue();
        ApiExamples.Activate.Read(out _, out _).ShouldBeNull();
        RequestFile.TryRead(ApiExamples.RequestFile, out _, out _).ShouldBeTrue();
        ApiExamples.Check.Read(ApiExamples.Activated.Handle, out _).ShouldBeNull();
        ApiExamples.Release.Read(ApiExamples.Activated.Handle, out _).ShouldBeNull();
    }

    [Fact]
    public async Task Every_problem_in_the_document_has_a_sentence_in_both_languages()
    {
        using var client = portal.Portal.CreateClient();
        var titles = new Dictionary<string, HashSet<string>>();
        foreach (var language in new[] { "en", "de" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
            request.Headers.AcceptLanguage.ParseAdd(language);
            using var response = await client.SendAsync(request);
            var document = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            foreach (var example in Descendants(document).OfType<JsonObject>()
                .Where(n => n["title"] is JsonValue && n["code"] is JsonValue))
            {
                var (code, title) = (example["code"]!.GetValue<string>(), example["title"]!.GetValue<string>());
                title.ShouldNotBe(code);
                titles.TryAdd(code, []);
                titles[code].Add(title);
            }
        }

        titles.Count.ShouldBeGreaterThan(10);
        titles.ShouldAllBe(title => title.Value.Count == 2);
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject members => members.Where(m => m.Value is not null).SelectMany(m => Descendants(m.Value!)).Prepend(node),
        JsonArray items => items.Where(i => i is not null).SelectMany(i => Descendants(i!)).Prepend(node),
        _ => [node],
    };

    private static IEnumerable<string> Handles(params Till[] tills) => tills.Select(t => t.Handle!).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Handles(Blocklist list) => list.Blocked.Select(b => b.Handle);

    private static async Task<Blocklist> BlocklistAsync(ApiPortal of)
    {
        using var client = of.Portal.CreateClient();
        using var response = await client.GetAsync("/api/v1/blocklist");
        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/jwt");
        var read =
            Blocklist.Read(await response.Content.ReadAsStringAsync(), of.Portal.Services.GetRequiredService<SigningKeys>().Verifier);
        return read.Claims.ShouldNotBeNull();
    }

    private async Task<string> JwksAsync()
    {
        using var client = portal.Portal.CreateClient();
        return await client.GetStringAsync("/.well-known/jwks.json");
    }

    private static string Unarmoured(string file) =>
        string.Concat(file.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith("-----", StringComparison.Ordinal)));

    /// <summary>DER: a sequence of two positive integers.</summary>
    private static byte[] Asn1(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trimmed(signature.AsSpan(0, 32)));
            writer.WriteIntegerUnsigned(Trimmed(signature.AsSpan(32)));
        }

        return writer.Encode();

        static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> number) => number.TrimStart((byte)0);
    }

    private static async Task<string> OpenSslAsync(byte[] publicKey, byte[] signed, byte[] signature)
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-openssl-");
        try
        {
            string At(string name, byte[] bytes)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, bytes);
                return path;
            }

            var start = new ProcessStartInfo("openssl")
            {
                ArgumentList =
                {
                    "dgst", "-sha256", "-keyform", "DER", "-verify", At("key.der", publicKey), "-signature", At("signature", signature),
                        At("signed", signed),
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var openssl = Process.Start(start)!;
            var errors = openssl.StandardError.ReadToEndAsync();
            var output = await openssl.StandardOutput.ReadToEndAsync();
            await openssl.WaitForExitAsync();
            return output + await errors;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
