using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A member of staff, and what only that person knows.</summary>
internal sealed record StaffUser(PortalFactory Portal, Guid Id, string Email, string? Seed)
{
    public const string Password = "vier Kraniche ziehen nordwärts";

    private static int _count = Serial.Start;

    /// <summary>An account that is set up, without going through the pages.</summary>
    /// <param name="secondFactor">False: only a password, as after a set-up that was broken off.</param>
    public static async Task<StaffUser> CreateAsync(PortalFactory portal, string? role = StaffRoles.Support, bool secondFactor = true)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var number = Interlocked.Increment(ref _count);
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(),
            UserName = $"clerk{number}@team.example",
            Email = $"clerk{number}@team.example",
            DisplayName = $"Clerk {number}",
            CreatedAt = portal.Clock.Now,
        };
        (await users.CreateAsync(user, Password)).Errors.ShouldBeEmpty();
        if (role is not null)
        {
            var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
            if (!await roles.RoleExistsAsync(role))
            {
                await roles.CreateAsync(new IdentityRole<Guid>(role));
            }

            await users.AddToRoleAsync(user, role);
        }

        await users.ResetAuthenticatorKeyAsync(user);
        await users.SetTwoFactorEnabledAsync(user, secondFactor);
        return new StaffUser(portal, user.Id, user.Email, await users.GetAuthenticatorKeyAsync(user));
    }

    /// <summary>The code that the app shows now.</summary>
    public string Code() => Totp.Code(Seed!, Portal.Clock.Now);

    /// <summary>As the edge would make the actor from a sign-in of just now.</summary>
    public async Task<StaffActor> ActorAsync(SignInStrength strength = SignInStrength.Totp, DateTimeOffset? authenticatedAt = null)
    {
        await using var db = Portal.Open();
        var user = await db.Users.SingleAsync(u => u.Id == Id);
        var session = await Portal.Services.GetRequiredService<UserSessions>().BeginAsync(Id, strength, Portal.Clock.Now);
        var roles = await db.UserRoles.Where(r => r.UserId == Id)
            .Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!).ToListAsync();
        return new StaffActor(Id, user.DisplayName, user.SecurityStamp!, strength, authenticatedAt ?? Portal.Clock.Now, "192.0.2.0/24",
            session)
        { Roles = roles };
    }

    /// <summary>Changes the account as an administrator or the owner would, stamp and all.</summary>
    public async Task ChangeAsync(Func<UserManager<PortalUser>, PortalUser, Task> change)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        await change(users, (await users.FindByIdAsync(Id.ToString()))!);
    }

    public Task DisableAsync() => ChangeAsync((users, user) =>
    {
        user.LockoutEnd = DateTimeOffset.MaxValue;
        return users.UpdateSecurityStampAsync(user);
    });

    /// <summary>A browser that is signed in with both factors.</summary>
    public async Task<Browser> SignInAsync(string language = "de")
    {
        var browser = await SignInByPasswordAsync(language);
        await browser.SubmitAsync(("Code", Code()));
        browser.Page.QuerySelector("[data-outcome=wrong-code], [data-outcome=too-many-tries]").ShouldBeNull();
        // The step is used; the next sign-in needs the next one.
        Portal.Clock.Advance(TimeSpan.FromSeconds(30));
        return browser;
    }

    /// <summary>Only the first step; without a second factor that is all there is.</summary>
    public async Task<Browser> SignInByPasswordAsync(string language = "de")
    {
        var browser = new Browser(Portal, language);
        await browser.GetAsync("/account/sign-in");
        return await browser.SubmitAsync(("Email", Email), ("Password", Password));
    }

    public ClaimsPrincipal Principal(StaffActor actor) => new(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, Id.ToString()), .. SignInClaims.Create(actor.Strength, actor.AuthenticatedAt, actor.Session)],
        "test"));
}
