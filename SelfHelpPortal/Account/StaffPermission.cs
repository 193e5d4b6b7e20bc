namespace SelfHelpPortal.Account;

/// <summary>What a use case of staff asks of whoever calls it.</summary>
/// <param name="Roles">One of them is enough.</param>
/// <param name="Fresh">The factor was shown within <see cref="StepUp.Fresh"/>.</param>
internal sealed record StaffPermission(string[] Roles, bool Fresh = false)
{
    /// <summary>For being in the staff area at all.</summary>
    public static readonly StaffPermission AnyStaff = new(StaffRoles.All);
}
