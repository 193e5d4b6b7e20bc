using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Features.Account;

/// <summary>The principal as the database has it: id, stamp, roles, and the name that colleagues read.</summary>
internal sealed class PortalClaims(UserManager<PortalUser> users, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<PortalUser, IdentityRole<Guid>>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(PortalUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(SignInClaims.DisplayName, user.DisplayName));
        return identity;
    }
}
