using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Data.Accounts;

/// <summary>What an account may do. A role works only together with a second factor (<see cref="StaffPolicy"/>).</summary>
internal static class StaffRoles
{
    /// <summary>Everything.</summary>
    public const string Administrator = "Administrator";

    /// <summary>Works on licenses, cases and orders.</summary>
    public const string Support = "Support";

    /// <summary>Works on orders and invoices, and is the only one beside an administrator to take an invoice back or export them.</summary>
    public const string Billing = "Billing";

    public static readonly string[] All = [Administrator, Support, Billing];
}
