using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>What a use case of staff asks of whoever calls it.</summary>
/// <param name="Roles">One of them is enough.</param>
/// <param name="Fresh">The factor was shown within <see cref="FreshSignIn.Lifetime"/>.</param>
internal sealed record StaffPermission(string[] Roles, bool Fresh = false)
{
    /// <summary>For being in the staff area at all.</summary>
    public static readonly StaffPermission AnyStaff = new(StaffRoles.All);

    /// <exception cref="InvalidOperationException">The use case carries no <see cref="StaffUseCaseAttribute"/>.</exception>
    public static StaffPermission For(Type useCase)
    {
        var mark = UseCaseAttribute.Get<StaffUseCaseAttribute>(useCase);
        return new(RolesFor(mark.Work), mark.Fresh);
    }

    /// <returns>The roles that are open to this kind of work.</returns>
    public static string[] RolesFor(StaffWork work) => work switch
    {
        StaffWork.Any => StaffRoles.All,
        StaffWork.Licenses => [StaffRoles.Support, StaffRoles.Administrator],
        StaffWork.Invoices => [StaffRoles.Billing, StaffRoles.Administrator],
        StaffWork.Administration => [StaffRoles.Administrator],
    };
}
