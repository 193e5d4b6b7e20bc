using System.Diagnostics;
using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Codes;
using static SelfHelpPortal.Client.Hardware.ThisComputer;

namespace SelfHelpPortal.Client.Hardware;

/// <summary>The registry of devices and the kernel's settings, by the programs that print them; neither needs an administrator.</summary>
internal static class MacHardware
{
    public static IEnumerable<KeyValuePair<string, string>> Read() =>
    [
        .. Parse(
            Try(() => Output("/usr/sbin/ioreg", "-rd1 -c IOPlatformExpertDevice"), ""),
            Try(() => Output("/usr/sbin/ioreg", "-rd1 -c IONVMeController"), ""),
            Try(() => Output("/usr/sbin/sysctl", "-n machdep.cpu.brand_string"), "")),
        .. Addresses().Select(address => new KeyValuePair<string, string>(HardwareComponents.Mac, address)),
    ];

    /// <summary>What the programs print. There is no identity of the system apart from the board's.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Parse(string platform, string disks, string cpu) =>
    [
        new(HardwareComponents.BoardUuid, Property(platform, "IOPlatformUUID")),
        new(HardwareComponents.BoardSerial, Property(platform, "IOPlatformSerialNumber")),
        new(HardwareComponents.DiskSerial, Property(disks, "Serial Number")),
        new(HardwareComponents.CpuId, cpu),
    ];

    private static string Property(string registry, string name) =>
        Regex.Match(registry, "\"" + name + "\" = \"([^\"]*)\"", RegexOptions.CultureInvariant).Groups[1].Value;

    private static string Output(string program, string arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
