namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The components of component set 1, in the order of their hashes in the code, and what each of them tells about a computer.
/// </summary>
public static class HardwareComponents
{
    public const string BoardUuid = "board-uuid";
    public const string BoardSerial = "board-serial";
    public const string DiskSerial = "disk-serial";
    public const string CpuId = "cpu-id";
    public const string Mac = "mac";
    public const string OsMachineId = "os-machine-id";

    private static readonly string[] Order = [BoardUuid, BoardSerial, DiskSerial, CpuId, Mac, OsMachineId];

    /// <summary>Fixed order; a new order or kind needs a new component set.</summary>
    public static IReadOnlyList<string> Kinds => Order;

    /// <summary>
    /// Whether a value counts as absent: empty, a placeholder, or the address of an adapter that does not belong to the computer. Licensed
    /// program and portal share this one table (<see cref="HardwarePlaceholders"/>).
    /// </summary>
    public static bool IsJunk(string kind, string? value) => HardwarePlaceholders.Contains(kind, value);

    internal static int PlaceOf(string kind) => Array.IndexOf(Order, kind);

    /// <summary>Whether a part of this kind belongs to one unit, so that two computers do not have the same.</summary>
    internal static bool IsUnitPart(string kind) => kind is BoardUuid or BoardSerial or DiskSerial or Mac;

    /// <summary>
    /// What an equal component weighs, in halves of a point. A disk image carries the machine id of the system to other computers, so it
    /// weighs half of a part; all computers of a model have the same CPU, so it weighs nothing.
    /// </summary>
    internal static int HalfPoints(string kind) => IsUnitPart(kind) ? 2 : kind == OsMachineId ? 1 : 0;
}
