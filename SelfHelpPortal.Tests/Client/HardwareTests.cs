using System.Text;
using SelfHelpPortal.Client;
using SelfHelpPortal.Client.Hardware;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>What is read from each kind of system, and what changed parts and missing rights do.</summary>
public sealed class HardwareTests(ApiPortal portal) : IClassFixture<ApiPortal>, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("selfhelp-hardware-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void This_computer_has_a_code_and_the_same_one_each_time()
    {
        var parts = ThisComputer.Read();

        ThisComputer.Read().ShouldBe(parts);
        parts.Keys.ShouldBeSubsetOf(HardwareComponents.Kinds);
        parts.ShouldAllBe(part => !HardwareComponents.IsJunk(part.Key, part.Value));
    }

    [Fact]
    public void Linux_tells_everything_to_root()
    {
        LinuxPc();

        Linux().ShouldBe(new Dictionary<string, string>
        {
            ["board-uuid"] = "4C4C4544-0051-3010-8052-B4C04F4A4831",
            ["board-serial"] = "/7QR0J1/CN129635/",
            ["disk-serial"] = "S5GXNX0R912345K",
            ["cpu-id"] = "GENUINEINTEL 6 158 10",
            ["mac"] = "54:BF:64:12:34:56",
            ["os-machine-id"] = "B08DFA6083E7567A1921A715000001FB",
        }, ignoreOrder: true);
    }

    [Fact]
    public void Without_rights_Linux_tells_enough_to_be_the_same_computer()
    {
        LinuxPc();
        var asRoot = HardwareCode.From("p", Linux());
        Directory.Delete(Path.Combine(_root.FullName, "sys/class/dmi"), recursive: true);

        var asUser = Linux();

        asUser.Count.ShouldBe(4);
        var match = HardwareCode.From("p", asUser).Match(asRoot, HardwareCode.DefaultPoints);
        (match.Matches, match.Drift).ShouldBe((true, false));
    }

    [Fact]
    public void A_disk_that_udev_knows_and_a_chip_with_a_serial_number_are_read()
    {
        Put("proc/self/mountinfo", "22 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw\n");
        Put("sys/dev/block/8:2/uevent", "MAJOR=8\nMINOR=2\nDEVNAME=sda2\n");
        Put("sys/block/sda/sda2/partition", "2\n");
        Put("sys/block/sda/dev", "8:0\n");
        Put("run/udev/data/b8:0", "S:disk\nE:ID_SERIAL_SHORT=WD-WX12345\n");
        Put("proc/cpuinfo", "processor\t: 0\nCPU part\t: 0xd08\n\nSerial\t\t: 10000000abcdef01\n");

        Linux().ShouldBe(new Dictionary<string, string> { ["disk-serial"] = "WD-WX12345", ["cpu-id"] = "10000000ABCDEF01" },
            ignoreOrder: true);
    }

    [Fact]
    public void Junk_and_adapters_that_move_are_absent()
    {
        LinuxPc();
        Put("sys/class/dmi/id/board_serial", "To be filled by O.E.M.\n");
        Put("sys/class/dmi/id/product_uuid", "03000200-0400-0500-0006-000700080009\n");
        Put("sys/class/net/enp0s31f6/address", "00:50:b6:12:34:56\n");

        Linux().Keys.ShouldBe(["disk-serial", "cpu-id", "os-machine-id"], ignoreOrder: true);
    }

    [Fact]
    public void An_empty_system_has_no_components() => Linux().ShouldBeEmpty();

    [Fact]
    public void The_firmware_table_of_Windows_is_read()
    {
        var uuid = Guid.Parse("4c4c4544-0051-3010-8052-b4c04f4a4831");
        byte[] table =
        [
            0, 24, 0, 0, .. new byte[20], .. "Maker\0\0"u8,
            1, 27, 1, 0, 1, 2, 0, 0, .. uuid.ToByteArray(), 6, 0, 0, .. "Maker\0Model\0\0"u8,
            2, 15, 2, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, .. "Maker\0Board\0A01\0/7QR0J1/CN129635/\0\0"u8,
            127, 4, 3, 0, 0, 0,
        ];

        Smbios.Read(table).ShouldBe([new("board-uuid", uuid.ToString()), new("board-serial", "/7QR0J1/CN129635/")]);
    }

    [Fact]
    public void A_firmware_table_that_is_cut_or_nonsense_ends_quietly()
    {
        byte[] whole = [1, 27, 1, 0, 1, 2, 0, 0, .. new byte[19], .. "Maker\0Model\0\0"u8, 2, 8, 2, 0, 1, 2, 3, 200, .. "x\0\0"u8];
        for (var length = 0; length < whole.Length; length++)
        {
            Smbios.Read(whole[..length]).Count().ShouldBeLessThanOrEqualTo(1);
        }

        Smbios.Read([1, 0, 0, 0, 0]).ShouldBeEmpty();
    }

    [Fact]
    public void The_disk_descriptor_of_Windows_is_read()
    {
        var descriptor = new byte[64];
        BitConverter.GetBytes(40).CopyTo(descriptor, 24);
        Encoding.ASCII.GetBytes("  S5GXNX0R912345K ").CopyTo(descriptor, 40);

        WindowsHardware.SerialOf(descriptor).ShouldBe("S5GXNX0R912345K");
        WindowsHardware.SerialOf(new byte[64]).ShouldBe("");
    }

    [Fact]
    public void The_registry_of_macOS_is_read() => ThisComputer.Clean(MacHardware.Parse(
        """
        +-o J314sAP  <class IOPlatformExpertDevice, id 0x100000227>
            {
              "IOPlatformSerialNumber" = "C02XK0AAJG5J"
              "IOPlatformUUID" = "9F1B6C2E-7D0A-5D0E-9C1B-2F3A4B5C6D7E"
            }
        """,
        """      "Serial Number" = "0ba01234567890ab" """,
        "Apple M1 Pro")).ShouldBe(new Dictionary<string, string>
        {
            ["board-uuid"] = "9F1B6C2E-7D0A-5D0E-9C1B-2F3A4B5C6D7E",
            ["board-serial"] = "C02XK0AAJG5J",
            ["disk-serial"] = "0BA01234567890AB",
            ["cpu-id"] = "APPLE M1 PRO",
        }, ignoreOrder: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Some_changed_parts_are_learned_at_the_next_check_in(int parts)
    {
        using var pc = await ActiveAsync();
        var before = pc.State.License;
        pc.Exchange(parts).Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);

        (await pc.Client.CheckInAsync()).ShouldBe("VALID_DRIFT", succeeded: true).Message.ShouldNotBeNullOrEmpty();

        pc.State.License.ShouldNotBe(before);
        pc.Told.ShouldBeEmpty();
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        pc.Exchange(0).Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Too_many_changed_parts_are_another_computer(int parts)
    {
        using var pc = await ActiveAsync();

        pc.Exchange(parts).Status.ShouldBe(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer);
        (await pc.Client.CheckInAsync()).ShouldBe("HARDWARE_MISMATCH", succeeded: false);

        // It still can be released, which is what its owner has to do first.
        (await pc.Client.ReleaseAsync()).ShouldBe("RELEASED", succeeded: true);
        (await pc.Client.ActivateAsync()).ShouldBe("VALID", succeeded: true);
    }

    [Fact]
    public async Task All_parts_changed_open_nothing()
    {
        using var pc = await ActiveAsync();

        pc.Exchange(6).Status.ShouldBe(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer);
        pc.Client.ActivationKey.ShouldBeNull();
    }

    [Fact]
    public async Task A_start_without_rights_is_the_same_computer()
    {
        using var pc = await ActiveAsync();
        pc.Parts.Remove("board-uuid");
        pc.Parts.Remove("board-serial");

        pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        (await pc.Client.ReleaseAsync()).ShouldBe("RELEASED", succeeded: true);
    }

    /// <summary>Every pair of computers of the stories, from a running program: its license file on the second computer.</summary>
    [Fact]
    public async Task The_license_of_one_computer_runs_on_another_only_where_the_stories_say_they_are_the_same()
    {
        foreach (var pair in HardwareVectors.All.Pairs.Where(p => p.Points == HardwareCode.DefaultPoints))
        {
            using var before = new LicensedPc(portal, "VORHER") { Parts = First(pair.Activated) };
            if (pair.ActivatedCode("p").HasFewParts)
            {
                continue;
            }

            await before.ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
            using var now = new LicensedPc(portal, "NACHHER") { Parts = First(pair.Now) };
            var result = now.Client.ImportLicense(before.State.License!);
            (result.Code, now.Status.IsUsable)
                .ShouldBe(pair.Same ? (LicenseCodes.Valid, true) : (LicenseCodes.AnotherComputer, false), pair.Story);
        }

        static Dictionary<string, string> First(Vectors.Component[] parts) => new(ThisComputer.Clean(HardwareVectors.Pair.Parts(parts)));
    }

    [Fact]
    public async Task A_state_that_was_copied_to_a_clone_of_a_virtual_machine_is_another_computers()
    {
        var pair = HardwareVectors.Get("two clones of one template (Proxmox)");
        using var original = new LicensedPc(portal, "VM-1") { Parts = HardwareVectors.Pair.Parts(pair.Activated).ToDictionary() };
        await original.ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
        using var clone = new LicensedPc(portal, "VM-2") { Parts = HardwareVectors.Pair.Parts(pair.Now).ToDictionary() };
        original.CopyStateTo(clone);

        clone.Status.ShouldBe(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer);
        (await clone.Client.CheckInAsync()).ShouldBe("HARDWARE_MISMATCH", succeeded: false);
        original.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task Few_readable_parts_are_said_before_they_are_a_dead_end()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = new LicensedPc(portal, "KIOSK");
        var all = pc.Parts;
        pc.Parts = all.Where(p => p.Key is "disk-serial" or "cpu-id" or "os-machine-id").ToDictionary();
        pc.Status.HasFewParts.ShouldBeTrue("before anybody has tried");

        var refused = (await pc.Client.ActivateAsync(key)).ShouldBe("INVALID_HARDWARE_CODE", succeeded: false);
        refused.Message.ShouldBe(portal.Portal.FewParts("en", "disk-serial", "cpu-id", "os-machine-id"));
        pc.Status.ShouldBe(LicenseCondition.NoLicense, LicenseCodes.NoLicense);

        await portal.StaffAsync(key, license => license.AllowFewParts(portal.Clock.Now).ShouldSucceed());
        (await pc.Client.ActivateAsync(key)).ShouldBe("VALID", succeeded: true);
        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.FewParts).IsUsable.ShouldBeTrue();
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);

        // With more rights the rest is read, and the license is bound to it.
        pc.Parts = all;
        pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid).HasFewParts.ShouldBeFalse();
        (await pc.Client.CheckInAsync()).ShouldBe("VALID_DRIFT", succeeded: true);
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        pc.Parts["os-machine-id"] = "after Windows was installed anew";
        pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    /// <summary>
    /// A clone that kept every number looks the same to itself and to the portal; it is told apart when one of the two is released.
    /// </summary>
    [Fact]
    public async Task A_cloned_machine_ends_with_the_original()
    {
        using var pc = await ActiveAsync();
        using var clone = new LicensedPc(portal, pc.Name) { Parts = pc.Parts };
        pc.CopyStateTo(clone);
        clone.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);

        (await pc.Client.ReleaseAsync()).ShouldBe("RELEASED", succeeded: true);
        (await clone.Client.CheckInAsync()).ShouldBe("RELEASED", succeeded: false);

        clone.Status.ShouldBe(LicenseCondition.NoLicense, "RELEASED");
    }

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));

    private IReadOnlyDictionary<string, string> Linux() => ThisComputer.Clean(LinuxHardware.Read(_root.FullName));

    private void LinuxPc()
    {
        Put("sys/class/dmi/id/product_uuid", "4c4c4544-0051-3010-8052-b4c04f4a4831\n");
        Put("sys/class/dmi/id/board_serial", "/7QR0J1/CN129635/\n");
        Put("proc/self/mountinfo", "21 20 0:5 / /proc rw - proc proc rw\n22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n");
        Put("sys/dev/block/259:2/uevent", "DEVNAME=dm-0\n");
        Put("sys/block/dm-0/slaves/nvme0n1p2/partition", "2\n");
        Put("sys/block/nvme0n1/nvme0n1p2/partition", "2\n");
        Put("sys/block/nvme0n1/device/serial", "S5GXNX0R912345K     \n");
        Put("proc/cpuinfo",
            "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\nmodel name\t: Intel(R) Core(TM)\nstepping\t: "
                + "10\n\nprocessor\t: 1\n");
        Put("sys/class/net/enp0s31f6/address", "54:bf:64:12:34:56\n");
        Put("sys/class/net/enp0s31f6/addr_assign_type", "0\n");
        Put("sys/class/net/enp0s31f6/device/vendor", "0x8086\n");
        Put("sys/class/net/docker0/address", "54:bf:64:99:99:99\n");
        Put("sys/class/net/docker0/addr_assign_type", "0\n");
        Put("etc/machine-id", "b08dfa6083e7567a1921a715000001fb\n");
    }

    private void Put(string path, string text)
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
