using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Who may enter the staff area, by what the cookie says: a role, a second factor, and a sign-in that is not too old. Each act asks the
/// database again (<see cref="StaffGate"/>).
/// </summary>
internal static class StaffPolicy
{
    public const string Name = "Staff";

    public static bool IsStaff(ClaimsPrincipal? principal, TimeSpan absolute, DateTimeOffset now) =>
        principal?.Identity is { IsAuthenticated: true }
        && HasRole(principal)
        && SignInClaims.StrengthOf(principal) is SignInStrength.Totp or SignInStrength.Passkey
        && now - SignInClaims.AuthTimeOf(principal) < absolute;

    /// <summary>Whether the account is one of staff, however it was signed in to.</summary>
    public static bool HasRole(ClaimsPrincipal principal) => Array.Exists(StaffRoles.All, principal.IsInRole);
}

internal sealed class StaffRequirement : IAuthorizationRequirement;

internal sealed class StaffRequirementHandler(TimeProvider time, IOptions<AccountOptions> options) : AuthorizationHandler<StaffRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, StaffRequirement requirement)
    {
        if (StaffPolicy.IsStaff(context.User, options.Value.AbsoluteTime, time.GetUtcNow()))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
