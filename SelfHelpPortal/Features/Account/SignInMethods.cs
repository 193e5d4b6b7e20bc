using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Features.Account;

/// <summary>By what somebody can sign in so that it is of use: for staff a password alone is of none.</summary>
internal sealed record SignInMethods(bool IsStaff, bool HasPassword, bool HasApp, int Passkeys)
{
    public bool CanLosePasskey => Passkeys > 1 || (HasPassword && (HasApp || !IsStaff));

    public bool CanRemoveAuthenticator => HasApp && (!IsStaff || Passkeys > 0);

    public static async Task<SignInMethods> GetAsync(UserManager<PortalUser> users, PortalUser user) => new(
        (await users.GetRolesAsync(user)).Any(StaffRoles.All.Contains), user.PasswordHash is not null, user.TwoFactorEnabled,
        (await users.GetPasskeysAsync(user)).Count);
}
