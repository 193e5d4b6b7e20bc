using System.Runtime.InteropServices;
using System.Text;
using SelfHelpPortal.Licensing.Codes;
using static SelfHelpPortal.Client.Hardware.ThisComputer;

namespace SelfHelpPortal.Client.Hardware;

/// <summary>Firmware table, registry and the system disk's descriptor; none of it needs an administrator.</summary>
internal static class WindowsHardware
{
    private const uint RawSmbios = 0x52534D42; // "RSMB"
    private const int SmbiosHeader = 8;
    private static readonly UIntPtr LocalMachine = (UIntPtr)0x80000002u;

    public static IEnumerable<KeyValuePair<string, string>> Read() =>
    [
        .. Try(() => Smbios.Read([.. Firmware().Skip(SmbiosHeader)]).ToList(), []),
        new(HardwareComponents.DiskSerial, Try(DiskSerial, "")),
        new(HardwareComponents.CpuId, Try(() => Registry(@"HARDWARE\DESCRIPTION\System\CentralProcessor\0", "Identifier"), "")),
        .. Addresses().Select(address => new KeyValuePair<string, string>(HardwareComponents.Mac, address)),
        new(HardwareComponents.OsMachineId, Try(() => Registry(@"SOFTWARE\Microsoft\Cryptography", "MachineGuid"), "")),
    ];

    /// <summary>The serial number within a STORAGE_DEVICE_DESCRIPTOR.</summary>
    internal static string SerialOf(byte[] descriptor)
    {
        const int SerialNumberOffset = 24;
        var at = BitConverter.ToInt32(descriptor, SerialNumberOffset);
        return at <= 0 || at >= descriptor.Length
            ? ""
            : Encoding.ASCII.GetString([.. descriptor.Skip(at).TakeWhile(value => value != 0)]).Trim();
    }

    private static byte[] Firmware()
    {
        var table = new byte[Native.GetSystemFirmwareTable(RawSmbios, 0, null, 0)];
        return Native.GetSystemFirmwareTable(RawSmbios, 0, table, (uint)table.Length) == table.Length ? table : [];
    }

    private static string DiskSerial()
    {
        const uint ShareAll = 3;
        const uint OpenExisting = 3;
        const uint QueryProperty = 0x2D1400;
        var drive = Path.GetPathRoot(Environment.SystemDirectory)!.TrimEnd('\\');
        var volume = Native.CreateFile(@"\\.\" + drive, 0, ShareAll, IntPtr.Zero, OpenExisting, 0, IntPtr.Zero);
        if (volume == new IntPtr(-1))
        {
            return "";
        }

        try
        {
            var (query, descriptor) = (new byte[12], new byte[1024]);
            return Native.DeviceIoControl(volume, QueryProperty, query, (uint)query.Length, descriptor, (uint)descriptor.Length, out _,
                IntPtr.Zero) ? SerialOf(descriptor) : "";
        }
        finally
        {
            Native.CloseHandle(volume);
        }
    }

    private static string Registry(string key, string name)
    {
        const uint Text = 0x2;
        const uint View64 = 0x10000;
        var value = new StringBuilder(256);
        var size = (uint)value.Capacity * sizeof(char);
        return Native.RegGetValue(LocalMachine, key, name, Text | View64, IntPtr.Zero, value, ref size) == 0 ? value.ToString() : "";
    }

    private static class Native
    {
        [DllImport("kernel32", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern uint GetSystemFirmwareTable(uint provider, uint table, byte[]? buffer, uint size);

        [DllImport("kernel32", EntryPoint = "CreateFileW", CharSet = CharSet.Unicode, SetLastError = true),
            DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern IntPtr CreateFile(
            string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

        [DllImport("kernel32", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        public static extern bool DeviceIoControl(
            IntPtr device, uint code, byte[] input, uint inputSize, byte[] output, uint outputSize, out uint returned, IntPtr overlapped);

        [DllImport("kernel32", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        public static extern bool CloseHandle(IntPtr handle);

#pragma warning disable CA1838 // Twice in the life of a program.
        [DllImport("advapi32", EntryPoint = "RegGetValueW", CharSet = CharSet.Unicode),
            DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int RegGetValue(
            UIntPtr key, string subKey, string name, uint flags, IntPtr type, StringBuilder value, ref uint size);
#pragma warning restore CA1838
    }
}
