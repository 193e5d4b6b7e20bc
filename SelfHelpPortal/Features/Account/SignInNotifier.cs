using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>What follows a complete sign-in: the browser is known from now on, and staff hear of one that was not.</summary>
internal sealed class SignInNotifier(
    IDbContextFactory<PortalDbContext> contexts, UserManager<PortalUser> users, KnownDevice devices, AccountMails mails,
    IHttpContextAccessor accessor)
{
    public async Task OnSignedInAsync(PortalUser user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (devices.Find(user) is null && (await users.GetRolesAsync(user)).Any(StaffRoles.All.Contains))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await mails.NotifyNewDeviceAsync(
                db, user, accessor.HttpContext is { } context ? ClientAddress.Network(context) : "-", now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        devices.Remember(user);
    }
}
