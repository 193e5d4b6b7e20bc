using System.Text;
using SelfHelpPortal.Client;
using SelfHelpPortal.Client.Hardware;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Tests.Http.Api;

namespace SelfHelpPortal.Tests.Client;

/// <summary>The one file: who may read it, what is in it, and what happens when it is copied, damaged or cannot be written.</summary>
public class StateTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task Only_its_owner_may_read_it_and_its_secrets_are_not_in_clear()
    {
        using var pc = await ActiveAsync();

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(pc.StateFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.GetDirectoryName(pc.StateFile)!)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var text = await File.ReadAllTextAsync(pc.StateFile);
        var secrets = new[] { pc.Client.ActivationKey!, pc.State.License![40..80] };
        foreach (var secret in secrets)
        {
            text.ShouldNotContain(secret);
            text.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..20]);
        }
    }

    /// <summary>Whoever has a backup can try all models of processors, and the addresses of a network card's maker.</summary>
    [Fact]
    public async Task What_is_easily_guessed_opens_nothing()
    {
        using var pc = await ActiveAsync();
        var text = await File.ReadAllTextAsync(pc.StateFile);
        var parts = ThisComputer.Clean(pc.Parts);
        Dictionary<string, string> Only(string kind) => new() { [kind] = parts[kind] };

        StateSeal.Open(text, Only("cpu-id"), out _).ShouldBeNull();
        StateSeal.Open(text, Only("mac"), out _).ShouldBeNull();
        StateSeal.Open(text, Only("disk-serial"), out _).ShouldNotBeNull();
    }

    [Fact]
    public async Task On_another_computer_the_copy_opens_nothing_and_an_activation_there_starts_anew()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam, seats: 2);
        using var pc = await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(key);
        using var other = new LicensedPc(portal, "PROJEKTOR-2");
        pc.CopyStateTo(other);

        other.Status.ShouldBe(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer).IsUsable.ShouldBeFalse();
        other.Client.ActivationKey.ShouldBeNull();
        (await other.Client.CheckInAsync()).ShouldBe(LicenseCodes.NoLicense, succeeded: false);
        (await File.ReadAllTextAsync(other.StateFile))
            .ShouldBe(await File.ReadAllTextAsync(pc.StateFile), "only an activation takes its place");
        (await other.Client.ActivateAsync(key)).ShouldBe("VALID", succeeded: true);

        other.Status.IsUsable.ShouldBeTrue();
        pc.Status.IsUsable.ShouldBeTrue();
        File.Exists(other.StateFile + ".old").ShouldBeTrue();
    }

    [Fact]
    public async Task A_copy_to_a_computer_of_the_same_model_is_recognized_by_the_license()
    {
        using var pc = await ActiveAsync();
        using var same = new LicensedPc(portal, "PROJEKTOR-2");
        same.Parts["cpu-id"] = pc.Parts["cpu-id"];
        same.Parts["os-machine-id"] = pc.Parts["os-machine-id"];
        pc.CopyStateTo(same);

        same.Status.ShouldBe(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer);
        (await same.Client.CheckInAsync()).ShouldBe("HARDWARE_MISMATCH", succeeded: false);
        same.Status.IsUsable.ShouldBeFalse();
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
    }

    [Fact]
    public async Task A_damaged_file_is_said_to_be_damaged_and_kept_and_activating_again_mends_it()
    {
        using var pc = await ActiveAsync();
        await File.WriteAllTextAsync(pc.StateFile, (await File.ReadAllTextAsync(pc.StateFile))[..100]);

        pc.Restart().Status.ShouldBe(LicenseCondition.Damaged, LicenseCodes.StateDamaged);
        (await pc.Client.ActivateAsync(await portal.LicenseAsync(ApiPortal.Beam))).ShouldBe("VALID", succeeded: true);

        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        new FileInfo(pc.StateFile + ".old").Length.ShouldBe(100);
    }

    [Fact]
    public async Task Where_nothing_can_be_written_no_seat_is_taken()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = new LicensedPc(portal, "PROJEKTOR-1");
        await File.WriteAllTextAsync(Path.GetDirectoryName(pc.StateFile)!, "a file where the folder should be");

        (await pc.Client.ActivateAsync(key)).ShouldBe(LicenseCodes.StateNotWritable, succeeded: false);

        using var other = await new LicensedPc(portal, "PROJEKTOR-2").ActivatedAsync(key);
    }

    [Fact]
    public async Task Two_programs_share_the_file()
    {
        using var pc = await ActiveAsync();
        StateStore[] stores = [Store(), Store()];

        await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => Task.Run(() => stores[i % 2].Change("count", s => s with { BlocklistSequence = s.BlocklistSequence + 1 }))));

        pc.State.BlocklistSequence.ShouldBe(40);

        StateStore Store() => new(pc.StateFile, () => ThisComputer.Clean(pc.Parts), null);
    }

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
}
