namespace SelfHelpPortal.Account;

/// <summary>What an account may do. A role works only together with a second factor (<see cref="StaffPolicy"/>).</summary>
internal static class StaffRoles
{
    /// <summary>Everything, staff accounts included.</summary>
    public const string Administrator = "Administrator";

    /// <summary>Works on licenses and cases.</summary>
    public const string Support = "Support";

    public static readonly string[] All = [Administrator, Support];
}
