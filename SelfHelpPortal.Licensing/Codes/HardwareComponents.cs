namespace SelfHelpPortal.Licensing.Codes;

/// <summary>The components of component set 1, in the order of their hashes in the code, and which of their values say nothing.</summary>
public static class HardwareComponents
{
    public const string BoardUuid = "board-uuid";
    public const string BoardSerial = "board-serial";
    public const string DiskSerial = "disk-serial";
    public const string CpuId = "cpu-id";
    public const string Mac = "mac";
    public const string OsMachineId = "os-machine-id";

    /// <summary>What board makers leave in the firmware instead of a number; compared without case, spaces and punctuation.</summary>
    private static readonly HashSet<string> Placeholders = new(StringComparer.Ordinal)
    {
        "TOBEFILLEDBYOEM", "DEFAULTSTRING", "SYSTEMSERIALNUMBER", "BASEBOARDSERIALNUMBER", "CHASSISSERIALNUMBER", "SERIALNUMBER",
        "NOTSPECIFIED", "NOTAPPLICABLE", "NOTAVAILABLE", "NOTSETTABLE", "NOTPRESENT", "NONE", "NULL", "NA", "OEM", "UNKNOWN", "INVALID", "EMPTY",
        "0123456789", "123456789", "1234567890", "0123456789ABCDEF",
        "03000200040005000006000700080009", // the UUID of boards whose maker kept AMI's example
    };

    /// <summary>Makers of the network chips in docking stations and USB adapters, and the fixed addresses of VPN clients, as the leading hex digits.</summary>
    private static readonly string[] MovableAdapters =
    [
        "0050B6", "00E04C", "00249B", "8CAE4C", "9CEBE8", "A0CEC8", "3C18A0", // Good Way, Realtek USB, Action Star, Plugable, BizLink, CE Link, Luxshare
        "00FF", "00059A3C7A", "00090FFE", "00090FAA", // TAP-Windows, Cisco AnyConnect, FortiClient
    ];

    /// <summary>Fixed order; a new order or kind needs a new component set.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [BoardUuid, BoardSerial, DiskSerial, CpuId, Mac, OsMachineId];

    /// <summary>Whether a value counts as absent: empty, a placeholder, one digit repeated, or the address of an adapter that moves between computers.</summary>
    public static bool IsJunk(string kind, string? value)
    {
        var plain = string.Concat((value ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return plain.Length == 0
            || Placeholders.Contains(plain)
            || plain.All(character => character == plain[0])
            || (kind == Mac && IsMovable(plain));
    }

    /// <summary>Group or locally administered addresses (one of the two low bits of the first byte set) are made up by software, mostly by VPN clients.</summary>
    private static bool IsMovable(string address) =>
        address.Length < 2
        || "1235679ABDEF".Contains(address[1], StringComparison.Ordinal)
        || MovableAdapters.Any(prefix => address.StartsWith(prefix, StringComparison.Ordinal));
}
