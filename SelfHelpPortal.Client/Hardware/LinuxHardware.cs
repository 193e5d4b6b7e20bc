using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Codes;
using static SelfHelpPortal.Client.Hardware.ThisComputer;

namespace SelfHelpPortal.Client.Hardware;

/// <summary>Files of the kernel. UUID and serial of the board are for root only; the rest anybody may read.</summary>
internal static class LinuxHardware
{
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.CultureInvariant;

    /// <param name="root"><c>/</c>, or a folder that looks like it.</param>
    public static IEnumerable<KeyValuePair<string, string>> Read(string root)
    {
        string At(string path) => Path.Combine(root, path);
        var values = new List<(string Kind, string Value)>
        {
            (HardwareComponents.BoardUuid, Text(At("sys/class/dmi/id/product_uuid"))),
            (HardwareComponents.BoardSerial, Text(At("sys/class/dmi/id/board_serial"))),
            (HardwareComponents.BoardSerial, Text(At("sys/firmware/devicetree/base/serial-number"))),
            (HardwareComponents.DiskSerial, Try(() => DiskSerial(root), "")),
            (HardwareComponents.CpuId, CpuId(Text(At("proc/cpuinfo")))),
            (HardwareComponents.OsMachineId, Text(At("etc/machine-id"))),
            (HardwareComponents.OsMachineId, Text(At("var/lib/dbus/machine-id"))),
        };
        values.AddRange(Try(() => Addresses(At("sys/class/net")).ToList(), []).Select(address => (HardwareComponents.Mac, address)));
        return values.Select(value => new KeyValuePair<string, string>(value.Kind, value.Value));
    }

    /// <summary>Maker, family, model and stepping; the serial number where the chip has one. Equal in all computers of a model.</summary>
    internal static string CpuId(string cpuinfo)
    {
        string Field(string name) => Regex.Match(cpuinfo, "^" + name + @"[ \t]*:[ \t]*(.*)$", Lines).Groups[1].Value.Trim();
        var serial = Field("Serial");
        return serial.Length > 0
            ? serial
            : string.Join(" ", new[] { "vendor_id", "cpu family", "model", "stepping", "CPU implementer", "CPU part" }.Select(Field))
            .Trim();
    }

    /// <summary>
    /// Of the disk that holds the root file system, also through LUKS and LVM: from the device itself, or from what udev has noted of it.
    /// </summary>
    private static string DiskSerial(string root)
    {
        var mounted = Regex.Match(Text(Path.Combine(root, "proc/self/mountinfo")), @"^\d+ \d+ (\d+:\d+) \S+ / ", Lines).Groups[1].Value;
        var name = Regex.Match(Text(Path.Combine(root, "sys/dev/block", mounted, "uevent")), "^DEVNAME=(.*)$", Lines).Groups[1].Value;
        var disks = Path.Combine(root, "sys/block");
        for (var slaves = Path.Combine(disks, name, "slaves"); Directory.Exists(slaves)
            && Directory.GetDirectories(slaves).FirstOrDefault() is { } below;)
        {
            name = Path.GetFileName(below);
            slaves = Path.Combine(disks, name, "slaves");
        }

        // A partition is a folder within its disk's.
        var disk = Directory.GetDirectories(disks)
            .FirstOrDefault(folder => Path.GetFileName(folder) == name || Directory.Exists(Path.Combine(folder, name)));
        if (name.Length == 0 || disk is null)
        {
            return "";
        }

        var serial = Text(Path.Combine(disk, "device/serial"));
        return serial.Length > 0
            ? serial
            : Regex.Match(Text(Path.Combine(root, "run/udev/data", "b" + Text(Path.Combine(disk, "dev")))), "^E:ID_SERIAL_SHORT=(.*)$",
                Lines).Groups[1].Value;
    }

    /// <summary>Adapters with hardware behind them and an address that the hardware came with (<c>addr_assign_type</c> 0).</summary>
    private static IEnumerable<string> Addresses(string folder) => Directory.GetDirectories(folder)
        .Where(adapter => Directory.Exists(Path.Combine(adapter, "device")) && Text(Path.Combine(adapter, "addr_assign_type")) == "0")
        .OrderBy(adapter => adapter, StringComparer.Ordinal)
        .Select(adapter => Text(Path.Combine(adapter, "address")));

    private static string Text(string file) => Try(() => File.ReadAllText(file).Trim('\0', '\n', ' '), "");
}
