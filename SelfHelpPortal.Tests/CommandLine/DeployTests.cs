using System.Text.RegularExpressions;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>
/// The files of <c>deploy</c> that an administrator fills in and no compiler reads; the drills beside them install and run them.
/// </summary>
public sealed partial class DeployTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-deploy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_configuration_of_the_package_lacks_what_only_the_vendor_knows_and_the_secrets_that_a_command_makes()
    {
        File.Copy(Repository.At("deploy", "appsettings.Production.json"), Path.Combine(_folder.FullName, "appsettings.Production.json"));

        var refused = await PortalProcess.RunAsync(["--config", _folder.FullName]);

        refused.Exit.ShouldBe(ExitCode.Refused);
        Settings().Matches(refused.Error).Select(m => m.Value).Distinct()
            .ShouldBe(["PublicUrl", "ConnectionStrings:Portal", "Secrets:Directory", "Mail:From", "Mail:StaffAlerts", "Mail:Smtp:Host"],
                ignoreOrder: true, refused.Error);
    }

    /// <summary>Of its connection strings only the passwords.</summary>
    [Fact]
    public async Task So_does_that_of_the_container()
    {
        var environment = File.ReadLines(Repository.At("deploy", "container", "portal.env.sample"))
            .Where(line => line.Contains('=') && !line.StartsWith('#')).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        foreach (var (name, value) in ContainerVariables())
        {
            environment[name] = value;
        }

        var refused = await PortalProcess.RunAsync([], environment);

        refused.Exit.ShouldBe(ExitCode.Refused);
        Settings().Matches(refused.Error).Select(m => m.Value).Distinct()
            .ShouldBe(
                [
                    "ConnectionStrings:Portal", "ConnectionStrings:Migration", "Secrets:Directory", "Mail:From", "Mail:StaffAlerts",
                    "Mail:Smtp:Host",
                ],
                ignoreOrder: true, refused.Error);
        refused.Error.ShouldContain("Password");
    }

    [Theory]
    [InlineData("selfhelp-portal.service")]
    [InlineData("debian/selfhelp-portal")]
    [InlineData("container/Containerfile")]
    public void All_of_them_start_the_program_that_the_release_puts_there(string file) =>
        File.ReadAllText(Repository.At(["deploy", .. file.Split('/')])).ShouldContain("/usr/lib/selfhelp-portal/SelfHelpPortal");

    private static IEnumerable<(string Name, string Value)> ContainerVariables() =>
        Variable().Matches(File.ReadAllText(Repository.At("deploy", "container", "Containerfile")))
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    [GeneratedRegex(@"\b(?:PublicUrl|(?:ConnectionStrings|Mail|Secrets|History|Proxy|Database)(?::\w+)+)\b")]
    private static partial Regex Settings();

    [GeneratedRegex(@"^(?:ENV|   ) (\w+__\w+)=(\S+)", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
