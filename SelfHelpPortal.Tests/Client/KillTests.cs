using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// kill -9 at each step of activation and release: never both "license gone here" and "seat still taken without a code to free it", never a
/// usable license on two PCs. Every other step in the usual run, 17 in all; each step three times, more than a hundred in all, with
/// <c>SELFHELP_LONG=1 </c>.
/// </summary>
public sealed class KillTests(ApiPortal portal, ITestOutputHelper output) : IClassFixture<ApiPortal>, IDisposable
{

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-kill-");
    private int _pcs;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_activation_that_was_killed_is_finished_by_asking_again_and_takes_one_seat()
    {
        await AtEachStepAsync("activate", async (pc, at) =>
        {
            var key = await portal.LicenseAsync(ApiPortal.Beam);
            var lived = await pc.RunAsync("activate", key, at);
            using var client = pc.Start();
            if (!client.Status.IsUsable)
            {
                client.Status.Code.ShouldBeOneOf(LicenseCodes.NoLicense, LicenseCodes.ActivationUnfinished);
                (await client.ActivateAsync(client.Status.Code == LicenseCodes.NoLicense ? key : null)).ShouldBe("VALID", succeeded: true);
            }

            client.Status.IsUsable.ShouldBeTrue();
            (await SeatsAsync(key)).ShouldBe(1);
            (await ActivateElsewhereAsync(key)).ShouldBe("TOO_MANY_ACTIVATIONS");
            return lived;
        });
    }

    [Theory]
    [InlineData("release")]
    [InlineData("release-offline")]
    public async Task A_release_that_was_killed_leaves_the_license_or_what_frees_the_seat(string verb)
    {
        await AtEachStepAsync(verb, async (pc, at) =>
        {
            var key = await portal.LicenseAsync(ApiPortal.Beam);
            using (var before = pc.Start())
            {
                (await before.ActivateAsync(key)).ShouldBe("VALID", succeeded: true);
            }

            var stick = pc.StateFile + ".stick";
            var lived = await pc.RunAsync(verb, stick, at);
            using var client = pc.Start();
            if (client.Status.IsUsable)
            {
                // Nobody may hold a code for a license that still runs.
                if (File.Exists(stick))
                {
                    (await File.ReadAllTextAsync(stick)).ShouldContain("follows");
                }

                client.PendingRelease.ShouldBeNull();
                (await ActivateElsewhereAsync(key)).ShouldBe("TOO_MANY_ACTIVATIONS");
                (await client.ReleaseAsync()).ShouldBe("RELEASED", succeeded: true);
            }
            else if (await SeatsAsync(key) == 1)
            {
                await FreeAsync(key, client.PendingRelease.ShouldNotBeNull(
                    "the license is gone here, the seat is taken, and there is no code").VerificationCode);
            }

            client.Status.IsUsable.ShouldBeFalse();
            (await ActivateElsewhereAsync(key)).ShouldBe("VALID");
            using var later = pc.Start();
            later.Status.IsUsable.ShouldBeFalse();
            return lived;
        });
    }

    /// <summary>The control: the judging above finds a license that is gone here while the seat is taken and the code lost.</summary>
    [Fact]
    public async Task A_lost_code_would_be_noticed()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        var pc = Pc();
        using (var before = pc.Start())
        {
            await before.ActivateAsync(key);
        }

        File.Delete(pc.StateFile);
        using var client = pc.Start();
        (client.Status.IsUsable, await SeatsAsync(key), client.PendingRelease).ShouldBe((false, 1, null));
    }

    /// <param name="play">One PC, and the step at which it dies; says whether it outlived the whole act.</param>
    private async Task AtEachStepAsync(string verb, Func<KilledPc, int, Task<bool>> play)
    {
        var kills = 0;
        for (var round = 0; round < (Effort.IsLong ? 3 : 1); round++)
        {
            for (var at = 0; !await play(Pc(), at); at += Effort.IsLong ? 1 : 2)
            {
                kills++;
            }
        }

        output.WriteLine($"{verb}: killed {kills} times");
        kills.ShouldBeGreaterThanOrEqualTo(Effort.IsLong ? 18 : 3);
    }

    private KilledPc Pc()
    {
        var keys = Path.Combine(_folder.FullName, "keys.json");
        File.WriteAllBytes(keys, portal.Portal.Services.GetRequiredService<SigningKeys>().Jwks.ToArray());
        return new KilledPc(portal.Portal.Address, keys, Path.Combine(_folder.FullName, $"pc{_pcs++}", "license.state"));
    }

    private async Task<int> SeatsAsync(string key)
    {
        await using var db = portal.Portal.Open();
        return await db.Activations.CountAsync(a => a.State == ActivationState.Active
            && db.Licenses.Any(l => l.Id == a.LicenseId && l.Key.LastFive == key.Substring(key.Length - 5)));
    }

    private async Task<string> ActivateElsewhereAsync(string key)
    {
        using var other = new LicensedPc(portal, "OTHER");
        return (await other.Client.ActivateAsync(key)).Code;
    }

    private async Task FreeAsync(string key, string code)
    {
        using var browser = new Browser(portal.Portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        await browser.SubmitAsync(("VerificationCode", code));
        browser.Outcome.ShouldBe("released");
    }

    private sealed record KilledPc(Uri Portal, string Keys, string StateFile)
    {
        public LicenseClient Start() => new(new()
        {
            Portal = Portal,
            Product = ApiPortal.Beam,
            VerificationKeys = File.ReadAllText(Keys),
            StateFile = StateFile,
            PcName = LicensedProgramChild.PcName,
            Hardware = () => LicensedProgramChild.Parts,
            Clock = () => TestClock.Start,
        });

        /// <returns>Whether it lived to the end.</returns>
        public async Task<bool> RunAsync(string verb, string argument, int step)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
            using var child = ChildMain.Start("licensed-program", StateFile, Portal.AbsoluteUri, Keys, verb, argument, step.ToString());
            var said = child.StandardOutput.ReadToEndAsync();
            await child.EndsAsync();
            child.ExitCode.ShouldBeOneOf([0, 137], await said);
            return child.ExitCode == 0;
        }
    }
}
