using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Signing;

public class KeysCommandTests
{
    [Fact]
    public async Task In_production_keys_are_made_by_command_only()
    {
        await using var portal = new PortalFactory
        {
            EnvironmentName = "Production",
            Configuration = { ["PublicUrl"] = "https://portal.example.org" },
        };
        await Should.ThrowAsync<StartRefusedException>(() => portal.RunAsync("keys", "rotate"));
        Directory.Exists(portal.SecretsFolder).ShouldBeFalse();

        (await portal.RunAsync("keys", "create")).Exit.ShouldBe(ExitCode.Done);
        (await portal.RunAsync("keys", "create")).Output.ShouldContain("nothing was changed");
        (await portal.RunAsync("keys", "rotate", "--now")).Exit.ShouldBe(ExitCode.Done);

        // A part that is lost is never made anew beside the others.
        File.Delete(Path.Combine(portal.SecretsFolder, Peppers.FileName));
        var (exit, output) = await portal.RunAsync("keys", "create");
        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain($"not {Peppers.FileName}.");
        File.Exists(Path.Combine(portal.SecretsFolder, Peppers.FileName)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("keys create more")]
    [InlineData("keys rotate later")]
    [InlineData("keys revoke")]
    [InlineData("keys revoke a b")]
    [InlineData("keys revoke-protection now")]
    public async Task A_line_that_is_not_understood_prints_the_usage(string line)
    {
        await using var portal = new PortalFactory();
        var (exit, output) = await portal.RunAsync(line.Split(' '));
        exit.ShouldBe(ExitCode.Usage);
        output.ShouldStartWith("Usage: keys ");
    }

    [Fact]
    public async Task The_running_portal_follows_what_the_command_line_did()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var keys = portal.Services.GetRequiredService<SigningKeys>();
        var stolen = keys.For(SignaturePurpose.License).Kid;

        (await portal.RunAsync("keys", "rotate")).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Output.ShouldContain("Possible from 2026-12-16"));
        (await portal.RunAsync("keys", "revoke", "license-0")).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Output.ShouldContain(stolen));
        portal.Clock.Advance(TimeSpan.FromDays(30));
        (await portal.RunAsync("keys", "rotate")).Exit.ShouldBe(ExitCode.Done);
        (await portal.RunAsync("keys", "revoke", stolen)).Exit.ShouldBe(ExitCode.Done);

        keys.Reload();
        keys.For(SignaturePurpose.License).Kid.ShouldNotBe(stolen);
        keys.Verifier.Kids.ShouldNotContain(stolen);
        keys.Verifier.Kids.Count.ShouldBe(8);
    }
}
