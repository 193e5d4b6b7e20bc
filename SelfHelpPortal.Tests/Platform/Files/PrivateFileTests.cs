using System.Runtime.Versioning;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Files;

/// <summary>What the portal writes for an operator is for that operator's eyes, whatever the umask says.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-private-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_new_file_is_closed_to_others_before_anything_stands_in_it()
    {
        var path = PathOf("new");
        using var file = PrivateFile.Create(path);

        File.GetUnixFileMode(path).ShouldBe(PrivateFile.Mode);
    }

    [Fact]
    public void What_is_there_stays_as_it_is()
    {
        var path = PathOf("there");
        File.WriteAllText(path, "before");

        Should.Throw<IOException>(() => PrivateFile.Create(path));

        File.ReadAllText(path).ShouldBe("before");
    }

    [Fact]
    public async Task Half_a_file_does_not_stay()
    {
        var path = PathOf("half");

        await Should.ThrowAsync<TimeoutException>(() => PrivateFile.WriteAsync(path, file =>
        {
            file.WriteByte(1);
            throw new TimeoutException();
        }));

        File.Exists(path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("export", "products")]
    [InlineData("export", "invoices", "--from", "2026-11-01", "--to", "2026-11-30", "--file")]
    public async Task Every_export_is_one(params string[] command)
    {
        await using var portal = new PortalFactory();
        var path = PathOf("export");

        (await portal.RunAsync([.. command, path])).Exit.ShouldBe(0);

        File.GetUnixFileMode(path).ShouldBe(PrivateFile.Mode);
        var (exit, again) = await portal.RunAsync([.. command, path]);
        exit.ShouldBe(1);
        again.ShouldStartWith($"{path} cannot be written: ");
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
