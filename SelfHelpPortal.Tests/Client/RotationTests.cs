using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>T25: the portal's keys are exchanged while programs are installed that know only the first ones.</summary>
public class RotationTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private SigningKeys Keys => portal.Portal.Services.GetRequiredService<SigningKeys>();

    private string KeySet => Encoding.UTF8.GetString(Keys.Jwks.Span);

    [Fact]
    public async Task Five_rotations_strand_no_program_that_is_sometimes_offline()
    {
        var builtIn = KeySet;
        using var pc = new LicensedPc(portal, "KASSE-1") { Keys = builtIn };
        await pc.ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
        for (var rotation = 1; rotation <= 5; rotation++)
        {
            Keys.Rotate(portal.Clock.Now, evenIfYoung: true).Current.ShouldNotBeEmpty();
            pc.Wire.IsCut = rotation is 2 or 3 or 5;
            pc.Restart();
            (await pc.Client.CheckInAsync()).ShouldBe(
                pc.Wire.IsCut ? LicenseCodes.NoConnection : "VALID", succeeded: !pc.Wire.IsCut);
            pc.Status.IsUsable.ShouldBeTrue();
        }

        pc.Wire.IsCut = false;
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);

        // A license that the newest key signs, and a program that is started with the first keys and its file.
        (await pc.Client.ReleaseAsync()).Succeeded.ShouldBeTrue();
        (await pc.Client.ActivateAsync()).ShouldBe("VALID", succeeded: true);
        pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        VerificationKeys.FromJwks(Encoding.UTF8.GetBytes(builtIn)).Find(Keys.For(SignaturePurpose.License).Kid).ShouldBeNull();

        // One that was in its box all the time.
        using var late = new LicensedPc(portal, "KASSE-2") { Keys = builtIn };
        await late.ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
        late.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task A_revoked_key_is_not_believed_any_more()
    {
        using var pc = new LicensedPc(portal, "KASSE-3") { Keys = KeySet };
        await pc.ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
        var stolen = Keys.For(SignaturePurpose.Answer);
        Keys.Revoke(stolen.Kid, portal.Clock.Now).ShouldBe(RevokeResult.Revoked);
        portal.Clock.Advance(TimeSpan.FromDays(8));
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);

        pc.Wire.Change = (_, answer) =>
        {
            var body = JsonNode.Parse(answer)!;
            if (body["answer"] is { } signed)
            {
                var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(signed.GetValue<string>().Split('.')[1]))!;
                body["answer"] = new CheckInAnswer(
                    claims["nonce"]!.GetValue<string>(), portal.Clock.Now, claims["act"]!.GetValue<string>(), 1, true, "VALID")
                    .Write(stolen);
            }

            return body.ToJsonString();
        };

        (await pc.Restart().Client.CheckInAsync()).ShouldBe(LicenseCodes.BadAnswer, succeeded: false);
    }
}
