using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The values that say nothing about a computer: what makers leave in the firmware instead of a number, what virtual machines have in
/// common, and network adapters that software makes up or that move between computers. All are compared without case, spaces and
/// punctuation.
/// </summary>
internal static class HardwarePlaceholders
{
    private const int UuidDigits = 32;

    /// <summary>Words that name a field. A value with one of them in it is a label and no number.</summary>
    private static readonly string[] Labels =
    [
        "SERIALNUMBER", "ENTERSERIAL", "TOBEFILLED", "FILLEDBY", "FILLBYOEM", "TOBESETBY", "BYOEM", "DEFAULTSTRING", "ASSETTAG",
        "SYSTEMMANUFACTURER", "PRODUCTNAME", "BOARDVERSION", "NOTSPECIFIED", "NOTAPPLICABLE", "NOTAVAILABLE", "NOTSETTABLE", "NOTPRESENT",
    ];

    private static readonly HashSet<string> Values = new(StringComparer.Ordinal)
    {
        "NONE", "NULL", "NA", "OEM", "DEFAULT", "UNKNOWN", "INVALID", "EMPTY", "EVAL", "SQUARE", "PCIE2", "SERNUM0",
        "123456789", "1234567890", "0123456789", "0123456789ABCDEF", "9876543210",
        "MB1234567890", "SYS1234567890", "BSN12345678901234567",

        // Disks that a virtual machine has made up, and cheap ones that never got a number.
        "00000000000000000001", "01000000000000000001", "AA000000000000000001", "VMWARENVME0000",
    };

    /// <summary>
    /// The examples that board makers copy from the manual of their firmware, as 32 hex digits. A system that reads the table without
    /// knowing its byte order shows the other order of the first three parts, so both count.
    /// </summary>
    private static readonly HashSet<string> Uuids = new(StringComparer.Ordinal)
    {
        "03000200040005000006000700080009", // AMI
        "12345678123456781234567812345678",
        "123456781234567890ABCDDEEFAABBCC", // Insyde
        "0123456789ABCDEF0123456789ABCDEF",
        "000102030405060708090A0B0C0D0E0F",
        "0102030405060708090A0B0C0D0E0F10",
        "11111111222233334444555555555555",
        "4C4C454400002010802080C04F202020", // Dell, where no service tag was written
    };

    /// <summary>Where each digit of the first three parts stands in the other byte order.</summary>
    private static readonly int[] Swapped = [6, 7, 4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 14, 15, 12, 13];

    /// <summary>Addresses by their leading hex digits.</summary>
    private static readonly string[] Adapters =
    [
        // Makers of docking stations and USB adapters alone. Realtek (00:E0:4C) is not among them: its chips are also soldered on the
        // boards of mini PCs and tills, where the address may be one of only two parts that can be read. A dongle that is taken for a part
        // of the computer adds one point and cannot make two computers one.
        "0050B6", "00249B", "8CAE4C", "9CEBE8", "A0CEC8", "3C18A0", // Good Way, Action Star, Plugable, BizLink, CE Link, Luxshare

        // Realtek adapters without an address of their own.
        "00E04C534458", "00E04C680001",

        // Virtual switches and host adapters: new at each start, or the same on every computer that has the software.
        "00155D", // Hyper-V, WSL, Docker Desktop
        "005056C0", // VMware on the host; its guests have other addresses
        "08002700", // VirtualBox on the host
        "001C420000", // Parallels on the host

        // VPN clients.
        "00FF", "00059A3C", "00090FFE", "00090FAA", // TAP-Windows, Cisco, FortiClient
    ];

    /// <summary>QEMU numbers its disks, in each machine from the beginning.</summary>
    private static readonly Regex QemuDisk = new("^QM0{2,}[0-9]+$", RegexOptions.CultureInvariant);

    public static bool Contains(string kind, string? value)
    {
        var plain = string.Concat((value ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return plain.Length == 0
            || plain.All(character => character == plain[0])
            || Values.Contains(plain)
            || Labels.Any(label => plain.Contains(label, StringComparison.Ordinal))
            || kind switch
            {
                HardwareComponents.BoardUuid => plain.Length == UuidDigits && IsExample(plain),
                HardwareComponents.DiskSerial => QemuDisk.IsMatch(plain),
                HardwareComponents.Mac => IsNoPart(plain),
                _ => false,
            };
    }

    private static bool IsExample(string uuid) =>
        Uuids.Contains(uuid)
        || Uuids.Contains(OtherOrder(uuid))
        || uuid.EndsWith("FFFFFFFFFFFFFFFFFFFFFFFF", StringComparison.Ordinal)
        || Enumerable.Range(0, uuid.Length).All(place => uuid[place] == uuid[place % 2]); // one byte repeated

    private static string OtherOrder(string uuid) =>
        string.Concat(uuid.Select((_, place) => uuid[place < Swapped.Length ? Swapped[place] : place]));

    /// <summary>
    /// Group or locally administered addresses (one of the two low bits of the first byte set) are made up by software, mostly by VPN
    /// clients.
    /// </summary>
    /// <param name="address">At least two characters: one alone is repeated throughout and so a placeholder already.</param>
    private static bool IsNoPart(string address) =>
        "1235679ABDEF".Contains(address[1], StringComparison.Ordinal)
        || Adapters.Any(prefix => address.StartsWith(prefix, StringComparison.Ordinal));
}
