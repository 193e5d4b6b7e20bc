using System.Runtime.Versioning;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Secrets;

[UnsupportedOSPlatform("windows")]
public sealed class SecretsDirectoryTests
{
    [Fact]
    public void Is_made_for_its_owner_alone_and_so_are_its_files()
    {
        using var secrets = new TemporarySecrets();
        secrets.Directory.Write("a", [1, 2, 3]);

        secrets.Directory.Read("a").ShouldBe([1, 2, 3]);
        File.GetUnixFileMode(secrets.Directory.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(secrets.Directory.Path, "a")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Outside_Development_a_missing_folder_stops_the_start_with_a_sentence()
    {
        using var secrets = new TemporarySecrets();
        var missing = Path.Combine(secrets.Directory.Path, "elsewhere");

        Should.Throw<StartRefusedException>(() => SecretsDirectory.Open(missing, mayCreate: false)).Message.ShouldContain(missing);
        Directory.Exists(missing).ShouldBeFalse();
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    public void What_others_may_read_is_refused(UnixFileMode tooMuch)
    {
        using var secrets = new TemporarySecrets();
        secrets.Directory.Write("a", [1]);
        var file = Path.Combine(secrets.Directory.Path, "a");
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | tooMuch);
        Should.Throw<StartRefusedException>(() => secrets.Directory.Read("a")).Message.ShouldContain("chmod 600");

        File.SetUnixFileMode(secrets.Directory.Path, File.GetUnixFileMode(secrets.Directory.Path) | tooMuch);
        Should.Throw<StartRefusedException>(
            () => SecretsDirectory.Open(secrets.Directory.Path, mayCreate: true)).Message.ShouldContain("chmod 700");
    }

    [Fact]
    public void Two_processes_that_start_together_make_one_pepper_and_one_certificate()
    {
        using var secrets = new TemporarySecrets();
        var kids = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => Peppers.Open(secrets.Directory).CurrentKid)
            .ToArray();
        kids.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_missing_pepper_or_certificate_is_named_and_never_made_anew_in_production()
    {
        using var secrets = new TemporarySecrets();
        Should.Throw<StartRefusedException>(() => Peppers.Open(secrets.InProduction())).Message.ShouldContain("without the pepper");
        Should.Throw<StartRefusedException>(
            () => ProtectionCertificate.Open(secrets.InProduction(), DateTimeOffset.UnixEpoch)).Message.ShouldContain(
                ProtectionCertificate.FileName);
        secrets.Directory.Names("*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("10.0.6", false)]
    [InlineData("10.0.7", true)]
    [InlineData("10.0.12", true)]
    [InlineData("9.0.20", false)]
    public void A_runtime_with_forgeable_cookies_is_refused(string version, bool accepted)
    {
        var check = () => RuntimeFloor.Check(Version.Parse(version));
        if (accepted)
        {
            check.ShouldNotThrow();
        }
        else
        {
            check.ShouldThrow<StartRefusedException>();
        }

        RuntimeFloor.Running.ShouldBeGreaterThanOrEqualTo(RuntimeFloor.Oldest);
    }
}
