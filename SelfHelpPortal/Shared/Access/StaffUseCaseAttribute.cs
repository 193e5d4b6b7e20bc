
namespace SelfHelpPortal.Shared.Access;

/// <summary>The kinds of work in the staff area; each is open to some roles.</summary>
internal enum StaffWork
{
    /// <summary>For every role.</summary>
    Any,

    /// <summary>Support and administrators.</summary>
    Licenses,

    /// <summary>Billing and administrators.</summary>
    Invoices,

    /// <summary>Administrators only.</summary>
    Administration,
}

/// <summary>A use case of the staff area.</summary>
internal sealed class StaffUseCaseAttribute(StaffWork work) : UseCaseAttribute
{
    public StaffWork Work { get; } = work;

    /// <summary>Whether the factor has to be shown again when the sign-in is older than <see cref="FreshSignIn.Lifetime"/>.</summary>
    public bool Fresh { get; init; }
}
