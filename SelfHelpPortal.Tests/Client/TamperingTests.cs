using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Client;
using SelfHelpPortal.Client.Hardware;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// No changed license file, answer or state file is accepted, and the genuine ones all are: 5,000 mutations, 100,000 with
/// <c>SELFHELP_LONG=1 </c>.
/// </summary>
public class TamperingTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private static readonly int Times = Effort.Times(5_000, 100_000) / 3;

    /// <summary>Characters that stand in such files anyway, so that a mutation is not refused for its looks alone.</summary>
    private const string Likely = "ABCXYZabcxyz0189-_+/={}\":,.\n ";

    private VerificationKeys Keys => VerificationKeys.FromJwks(portal.Portal.Services.GetRequiredService<SigningKeys>().Jwks.Span);

    [Fact]
    public async Task Changed_license_files_are_refused_whole_ones_taken()
    {
        using var pc = await ActiveAsync();
        var genuine = pc.State.License!;
        var random = new Seeded();
        for (var i = 0; i < Times; i++)
        {
            var changed = Mutated(genuine, random);

            // What mail programs do to the frame is forgiven; what is signed is not.
            if (Armor.TryUnwrap(ArmorKind.License, changed, out var inside) && Armor.TryUnwrap(ArmorKind.License, genuine, out var signed)
                && inside == signed)
            {
                continue;
            }

            LicenseFile.Read(changed, Keys).IsGenuine.ShouldBeFalse($"seed {random.Seed}, mutation {i}:\n{changed}");
        }

        for (var i = 0; i < 20; i++)
        {
            pc.Client.ImportLicense(Mutated(genuine, random) + "x").Code.ShouldBeOneOf(LicenseCodes.BadFile, LicenseCodes.Valid);
            pc.State.License.ShouldBe(genuine);
        }

        pc.Client.ImportLicense(genuine).ShouldBe("VALID", succeeded: true);
    }

    [Fact]
    public async Task Changed_state_files_are_refused_whole_ones_opened()
    {
        using var pc = await ActiveAsync();
        var parts = ThisComputer.Clean(pc.Parts);
        var genuine = await File.ReadAllTextAsync(pc.StateFile);
        var random = new Seeded();
        for (var i = 0; i < Times; i++)
        {
            var changed = Mutated(genuine, random);
            StateSeal.Open(changed, parts, out _).ShouldBeNull($"seed {random.Seed}, mutation {i}:\n{changed}");
        }

        StateSeal.Open(genuine, parts, out _).ShouldNotBeNull().License.ShouldBe(pc.State.License);
        await File.WriteAllTextAsync(pc.StateFile, genuine + " ");
        pc.Restart().Status.ShouldBe(LicenseCondition.Damaged, LicenseCodes.StateDamaged);
    }

    /// <summary>The sum at the end is no secret; the seal holds without it.</summary>
    [Fact]
    public async Task A_changed_state_file_with_a_fitting_sum_is_refused()
    {
        using var pc = await ActiveAsync();
        var parts = ThisComputer.Clean(pc.Parts);
        var state = System.Text.Json.JsonSerializer.Deserialize(await File.ReadAllTextAsync(pc.StateFile), StateJson.Default.SealedState)!;
        var random = new Seeded();
        for (var i = 0; i < Times / 10; i++)
        {
            var data = (byte[])state.Data.Clone();
            data[random.Below(data.Length)] ^= (byte)(1 << random.Below(8));
            StateSeal.Open(Summed(state with { Data = data }), parts, out var fault).ShouldBeNull($"seed {random.Seed}, mutation {i}");
            fault.ShouldBe(SealFault.AnotherComputer);
        }

        StateSeal.Open(Summed(state), parts, out _).ShouldNotBeNull();
    }

    [Fact]
    public async Task Changed_answers_are_refused_whole_ones_believed()
    {
        using var signer = Es256Key.Create(SignaturePurpose.Answer);
        var keys = new VerificationKeys([signer.ToPublic()]);
        var genuine = new CheckInAnswer("q3Zf0VbqAAAA", TestClock.Start, "0123456789ABC", 3, false, "RELEASED").Write(signer);
        var random = new Seeded();
        for (var i = 0; i < Times; i++)
        {
            var changed = Mutated(genuine, random);
            CheckInAnswer.Read(changed, "q3Zf0VbqAAAA", keys).IsGenuine.ShouldBeFalse($"seed {random.Seed}, mutation {i}:\n{changed}");
        }

        CheckInAnswer.Read(genuine, "q3Zf0VbqAAAA", keys).IsGenuine.ShouldBeTrue();
        CheckInAnswer.Read(genuine, "q3Zf0VbqAAAB", keys).IsGenuine.ShouldBeFalse();

        // And at the client itself, with the real portal behind.
        using var pc = await ActiveAsync();
        string[] nonces = [];
        pc.Wire.Change = (_, answer) => Mutated(answer, random);
        for (var i = 0; i < 40; i++)
        {
            var before = pc.State;
            var result = await pc.Client.CheckInAsync();
            if (result.Succeeded)
            {
                result.Code.ShouldBe("VALID", "what is signed was whole");
            }

            (pc.State.License, pc.Status.IsUsable).ShouldBe((before.License, true), $"seed {random.Seed}, answer {i}");
        }

        pc.Wire.Change = null;
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
    }

    /// <summary>
    /// One place or several: another character, one more, one less, two exchanged, a piece cut out or doubled. Never the same text.
    /// </summary>
    private static string Mutated(string text, Seeded random)
    {
        var changed = new StringBuilder(text);
        do
        {
            var at = random.Below(changed.Length);
            switch (random.Below(7))
            {
                case 0:
                    changed[at] = Likely[random.Below(Likely.Length)];
                    break;
                case 1:
                    changed.Insert(at, Likely[random.Below(Likely.Length)]);
                    break;
                case 2:
                    changed.Remove(at, 1);
                    break;
                case 3 when at > 0:
                    (changed[at], changed[at - 1]) = (changed[at - 1], changed[at]);
                    break;
                case 4:
                    changed.Remove(at, Math.Min(1 + random.Below(40), changed.Length - at));
                    break;
                case 5:
                    changed.Insert(at, text.AsSpan(at % text.Length, Math.Min(1 + random.Below(40), text.Length - (at % text.Length))));
                    break;
                default:
                    changed[at] = (char)(changed[at] ^ (1 << random.Below(7)));
                    break;
            }
        }
        while (changed.Length == 0 || changed.ToString() == text || random.Below(4) == 0);

        return changed.ToString();
    }

    private static string Summed(SealedState state)
    {
        string Write(SealedState some) => System.Text.Json.JsonSerializer.Serialize(some, StateJson.Default.SealedState);
        return Write(
            state with { Sum = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Write(state with { Sum = [] }))) });
    }

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
}
