using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Client.Hardware;

/// <summary>
/// What tells this computer from others. Whatever cannot be read, for want of rights or because it is not there, is left out; nothing
/// throws.
/// </summary>
internal static class ThisComputer
{
    /// <summary>
    /// Kinds of <see cref="HardwareComponents"/> with their values; junk is left out, and of several values of a kind the first counts.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read() => Clean(
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? WindowsHardware.Read()
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MacHardware.Read()
        : LinuxHardware.Read("/"));

    public static IReadOnlyDictionary<string, string> Clean(IEnumerable<KeyValuePair<string, string>> components)
    {
        var clean = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var component in components)
        {
            var value = component.Value.Trim().ToUpperInvariant();
            if (!clean.ContainsKey(component.Key) && HardwareComponents.Kinds.Contains(component.Key)
                && !HardwareComponents.IsJunk(component.Key, value))
            {
                clean[component.Key] = value;
            }
        }

        return clean;
    }

    /// <summary>For systems that do not tell the permanent address apart from the present one.</summary>
    internal static IEnumerable<string> Addresses() => Try(
        () => NetworkInterface.GetAllNetworkInterfaces()
            .Where(adapter => adapter.NetworkInterfaceType is NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet
                or NetworkInterfaceType.Wireless80211)
            .Select(adapter => adapter.GetPhysicalAddress().ToString())
            .OrderBy(address => address, StringComparer.Ordinal)
            .ToList(),
        []);

    /// <summary>Any failure to read is the same to us: not there.</summary>
    internal static T Try<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return otherwise;
        }
    }
}
