using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>T10 of security.md, section 16: whoever is taken a right away has lost it everywhere, at once where it counts.</summary>
public class RevocationTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    [Theory]
    [InlineData("disable")]
    [InlineData("remove role")]
    [InlineData("change password")]
    [InlineData("remove second factor")]
    [InlineData("delete passkey")]
    public async Task Commands_are_refused_screens_leave_and_cookies_die(string how)
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        using var first = await clerk.SignInAsync();
        using var second = await clerk.SignInAsync();
        await using var circuits = await Circuits.OpenAsync(Portal, clerk, 3);
        await using var bystander = await Circuits.OpenAsync(Portal, ground.Clerk, 1);
        var actor = await clerk.ActorAsync();
        circuits.AllSessions.ShouldAllBe(s => !s.IsEnded);

        await clerk.ChangeAsync((users, user) => ChangeAsync(users, user, how));

        // No waiting here: the transaction itself refuses.
        var refused = (await ground.Use<SuspendLicense>()
            .ExecuteAsync(new StaffAct(Guid.NewGuid(), actor, "Noch schnell"), license.Id, Portal.Clock.Now, default)).Refused;
        refused.ShouldBe(StaffRefusal.SignInEnded);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        await Eventually.BecomesTrueAsync(() => circuits.AllSessions.All(s => s.IsEnded));
        (await circuits.TakesEventsAsync()).ShouldBeFalse();
        bystander.AllSessions.ShouldAllBe(s => !s.IsEnded);
        (await bystander.TakesEventsAsync()).ShouldBeTrue();

        Portal.Clock.Advance(TimeSpan.FromSeconds(61));
        foreach (var browser in (Browser[])[first, second])
        {
            await browser.GetAsync("/staff");
            browser.Path.ShouldStartWith("/account/sign-in");
        }
    }

    [Fact]
    public async Task A_session_that_is_ended_alone_takes_its_circuits_with_it_and_no_others()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        await using var circuits = await Circuits.OpenAsync(Portal, clerk, 1);
        await using var others = await Circuits.OpenAsync(Portal, clerk, 1);
        var actor = circuits.AllSessions.Single().Actor!;

        await Portal.Services.GetRequiredService<UserSessions>().EndAsync(clerk.Principal(actor), actor.Session, Portal.Clock.Now, default);

        var refused = (await ground.Use<SuspendLicense>()
            .ExecuteAsync(new StaffAct(Guid.NewGuid(), actor, "Noch schnell"), license.Id, Portal.Clock.Now, default)).Refused;
        refused.ShouldBe(StaffRefusal.SignInEnded);
        await Eventually.BecomesTrueAsync(() => circuits.AllSessions.All(s => s.IsEnded));
        others.AllSessions.ShouldAllBe(s => !s.IsEnded);
    }

    [Fact]
    public async Task A_circuit_that_was_opened_with_an_outdated_sign_in_ends_at_once()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        await using var circuits = await Circuits.OpenAsync(Portal, clerk, 1, before: () => clerk.DisableAsync());

        circuits.AllSessions.ShouldAllBe(s => s.IsEnded);
    }

    [Fact]
    public async Task A_used_code_is_no_change_of_the_account()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        await using var circuits = await Circuits.OpenAsync(Portal, clerk, 1);
        using var browser = await clerk.SignInAsync();

        // The notification of this change comes behind that of the code, if there were one.
        await using var marker = await Circuits.OpenAsync(Portal, await StaffUser.CreateAsync(Portal), 1);
        await marker.User.DisableAsync();
        await Eventually.BecomesTrueAsync(() => marker.AllSessions.All(s => s.IsEnded));
        circuits.AllSessions.ShouldAllBe(s => !s.IsEnded);
    }

    private async Task ChangeAsync(UserManager<PortalUser> users, PortalUser user, string how)
    {
        switch (how)
        {
            case "disable":
                user.LockoutEnd = DateTimeOffset.MaxValue;
                await users.UpdateSecurityStampAsync(user);
                break;
            case "remove role":
                await users.RemoveFromRoleAsync(user, StaffRoles.Support);
                await users.UpdateSecurityStampAsync(user);
                break;
            case "change password":
                (await users.ChangePasswordAsync(user, StaffUser.Password, "sieben Reiher stehen am Ufer")).Errors.ShouldBeEmpty();
                break;
            case "delete passkey":
                await users.AddOrUpdatePasskeyAsync(
                    user, new UserPasskeyInfo([1, 2, 3], [], Portal.Clock.Now, 0, null, true, false, false, [], []));
                await users.RemovePasskeyAsync(user, [1, 2, 3]);
                await users.UpdateSecurityStampAsync(user);
                break;
            case "remove second factor":
                await users.SetTwoFactorEnabledAsync(user, false);
                break;
        }
    }

    /// <summary>Circuits as the framework opens them, but for the browser.</summary>
    private sealed class Circuits(StaffUser user, List<AsyncServiceScope> scopes) : IAsyncDisposable
    {
        public StaffUser User => user;

        public IEnumerable<StaffSession> AllSessions => scopes.Select(s => s.ServiceProvider.GetRequiredService<StaffSession>());

        public static async Task<Circuits> OpenAsync(PortalFactory portal, StaffUser user, int count, Func<Task>? before = null)
        {
            var scopes = new List<AsyncServiceScope>();
            for (var i = 0; i < count; i++)
            {
                var scope = portal.Services.CreateAsyncScope();
                var account = await scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>().FindByIdAsync(user.Id.ToString());
                var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<PortalUser>>()
                    .CreateAsync(account!);
                var session = await portal.Services.GetRequiredService<UserSessions>()
                    .BeginAsync(user.Id, SignInStrength.Totp, portal.Clock.Now);
                ((ClaimsIdentity)principal.Identity!).AddClaims(SignInClaims.Create(SignInStrength.Totp, portal.Clock.Now, session));
                var authentication = scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
                ((IHostEnvironmentAuthenticationStateProvider)authentication)
                    .SetAuthenticationState(Task.FromResult(new AuthenticationState(principal)));
                if (before is not null)
                {
                    await before();
                }

                await Handler(scope).OnCircuitOpenedAsync(null!, default);
                scopes.Add(scope);
            }

            return new Circuits(user, scopes);
        }

        public async Task<bool> TakesEventsAsync()
        {
            var taken = 0;
            foreach (var scope in scopes)
            {
                await Handler(scope).CreateInboundActivityHandler(_ =>
                {
                    taken++;
                    return Task.CompletedTask;
                })(null!);
            }

            return taken > 0;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var scope in scopes)
            {
                await Handler(scope).OnCircuitClosedAsync(null!, default);
                await scope.DisposeAsync();
            }
        }

        private static StaffCircuitHandler Handler(AsyncServiceScope scope) =>
            scope.ServiceProvider.GetServices<CircuitHandler>().OfType<StaffCircuitHandler>().Single();
    }
}
