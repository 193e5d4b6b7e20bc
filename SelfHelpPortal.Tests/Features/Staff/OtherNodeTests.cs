using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>
/// What ends a sign-in on one node ends it on every other. The clock stands still, so that only being told can end an open screen, and
/// not the look every minute.
/// </summary>
public sealed class OtherNodeTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task Signing_out_here_ends_the_open_screen_and_the_cookie_there_and_no_others()
    {
        await using var there = await SecondNode.StartAsync(Portal);
        var clerk = await StaffUser.CreateAsync(Portal);
        using var leaving = await clerk.SignInAsync();
        using var staying = await clerk.SignInAsync();
        var sessions = await SessionsAsync(clerk);
        sessions.Count.ShouldBe(2);
        var (ended, open) = (await OpenAsync(there, clerk, sessions[0]), await OpenAsync(there, clerk, sessions[1]));
        (await StatusAsync(there, leaving.Cookies)).ShouldBe(HttpStatusCode.OK);
        var cookies = leaving.Cookies;

        await leaving.GetAsync("/account/sign-out");
        await leaving.SubmitAsync();

        await Eventually.BecomesTrueAsync(() => ended.IsEnded);
        (await StatusAsync(there, cookies)).ShouldBe(HttpStatusCode.Redirect);
        open.IsEnded.ShouldBeFalse();
        (await StatusAsync(there, staying.Cookies)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_role_given_here_ends_what_was_open_there_and_holds_for_its_next_act()
    {
        await using var there = await SecondNode.StartAsync(Portal);
        var boss = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var demoted = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        using var browser = await demoted.SignInAsync();
        var session = (await SessionsAsync(demoted)).ShouldHaveSingleItem();
        var screen = await OpenAsync(there, demoted, session);
        var actor = screen.Actor.ShouldNotBeNull();
        (await StatusAsync(there, browser.Cookies)).ShouldBe(HttpStatusCode.OK);

        (await ground.Use<ChangeStaffRole>().ExecuteAsync(
            await boss.ActorAsync(), Guid.NewGuid(), demoted.Id, StaffRoles.Support, Portal.Clock.Now, default)).ShouldBe(StaffResult.Done);

        await Eventually.BecomesTrueAsync(() => screen.IsEnded);
        (await there.Services.GetRequiredService<ChangeStaffRole>().ExecuteAsync(
            actor, Guid.NewGuid(), boss.Id, StaffRoles.Support, Portal.Clock.Now, default)).ShouldNotBe(StaffResult.Done);
        await using var db = Portal.Open();
        (await StaffGate.HoldsAsync(db, boss.Id, [StaffRoles.Administrator], default)).ShouldBeTrue();
    }

    /// <summary>As the circuit's handler does it when a screen opens.</summary>
    private static async Task<StaffSession> OpenAsync(SecondNode node, StaffUser clerk, Guid session)
    {
        var actor = await clerk.ActorAsync() with { Session = session };
        var screen = new StaffSession { Actor = actor };
        node.Services.GetRequiredService<StaffCircuits>().Add(screen, actor);
        (await node.Services.GetRequiredService<StaffCircuits>().CheckAsync(screen, actor, default)).ShouldBeTrue();
        return screen;
    }

    private async Task<List<Guid>> SessionsAsync(StaffUser clerk)
    {
        await using var db = Portal.Open();
        return await db.Set<UserSession>().Where(s => s.UserId == clerk.Id && s.EndedAt == null).OrderBy(s => s.Id)
            .Select(s => s.Id).ToListAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(SecondNode node, string cookies)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(node.App.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/staff");
        request.Headers.Add("Cookie", cookies);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
