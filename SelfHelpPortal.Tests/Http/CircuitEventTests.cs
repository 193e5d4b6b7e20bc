using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Account;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>
/// T7 over the wire: a client that speaks the circuit's protocol by hand sends events that its page does not offer, or offers no longer.
/// The handlers themselves are tried for every act in <see cref="Features.Staff.CircuitHandlerTests"/>.
/// </summary>
public class CircuitEventTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private static readonly string[] Events = ["click", "change", "submit", "input", "keydown"];

    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task An_event_that_nothing_on_the_page_takes_does_nothing()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        using var browser = await clerk.SignInAsync();
        var before = await license.EventsAsync();

        await using var hub = await BlazorHub.OpenAsync(Portal, browser, await CookiesAsync(browser), $"/staff/licenses/{license.Number}");
        await hub.FindAsync(h => h.Event == "onclick" && h.Element == "button");
        var offered = hub.Handlers.Select(h => h.Id).ToHashSet();
        foreach (var name in Events)
        {
            for (var id = 0; id < 60 && !hub.IsClosed; id++)
            {
                if (offered.Contains(id) || hub.Handlers.Any(h => h.Id == id))
                {
                    continue;
                }

                // The page may be drawn anew meanwhile, and then a button has this number that answers only when its dialog is closed.
                var answer = hub.DispatchAsync(name, id);
                await Eventually.BecomesTrueAsync(() => answer.IsCompleted || hub.Handlers.Any(h => h.Id == id));
                if (!hub.Handlers.Any(h => h.Id == id))
                {
                    (await answer).ShouldNotBeNull($"{name} {id} was taken");
                }
            }
        }

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        (await license.EventsAsync()).Count.ShouldBe(before.Count);
    }

    /// <summary>The page was drawn for an administrator; every button that it offered is used after the right is gone.</summary>
    [Fact]
    public async Task A_button_from_before_the_right_was_lost_does_nothing()
    {
        var administrator = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var path = $"/staff/licenses/{license.Number}";
        using var browser = await administrator.SignInAsync();
        var cookies = await CookiesAsync(browser);
        var buttons = await ButtonsAsync(browser, cookies, path);
        buttons.Count.ShouldBeGreaterThanOrEqualTo(5);

        foreach (var button in buttons)
        {
            await using var hub = await BlazorHub.OpenAsync(Portal, browser, cookies, path);
            await hub.FindAsync(h => IsButton(h) && h.Text == button);
            await TakeRightsAsync(administrator);
            await ActAsync(hub, button);
            await GiveRightsAsync(administrator);
        }

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
        var done = await EventsOfAsync(administrator);
        done.Select(e => e.Kind).Distinct().ShouldBe([EventKind.Refused]);
        done.Select(e => EventLog.Read(e.Data).Refusal).Distinct()
            .ShouldBe([nameof(SelfHelpPortal.Features.Staff.Kit.StaffRefusal.NotPermitted)]);
        done.Count.ShouldBe(buttons.Count, "an act was not even tried");
    }

    /// <summary>With the right, the same messages act: so the tests above are able to fail.</summary>
    [Fact]
    public async Task The_same_messages_act_for_who_has_the_right()
    {
        var administrator = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        using var browser = await administrator.SignInAsync();
        await using var hub = await BlazorHub.OpenAsync(Portal, browser, await CookiesAsync(browser), $"/staff/licenses/{license.Number}");

        await ActAsync(hub, "Aussetzen");

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Suspended);
    }

    [Fact]
    public async Task Methods_that_no_page_offers_cannot_be_called()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        var cookies = await CookiesAsync(browser);
        (string Assembly, string Method)[] calls =
            [("SelfHelpPortal", "ExecuteAsync"), ("SelfHelpPortal", "RunAsync"), ("System.Private.CoreLib", "Exit"),
                ("MudBlazor", "Dispose")];
        foreach (var (assembly, method) in calls)
        {
            await using var hub = await BlazorHub.OpenAsync(Portal, browser, cookies, "/staff");
            (await hub.CallAsync(assembly, method, null, "[]")).ShouldNotBeNull($"{assembly}.{method}");
            (await hub.CallAsync(null, method, 1, "[]")).ShouldNotBeNull($"{method} on the renderer");
        }
    }

    private static bool IsButton(RenderedHandler handler) => handler is { Event: "onclick", Element: "button" }
        && handler.Attributes.Contains("type=button", StringComparison.Ordinal)
        && (handler.Attributes.Contains("class=button", StringComparison.Ordinal)
            || handler.Attributes.Contains("class=link-button", StringComparison.Ordinal));

    /// <summary>What the page offers that leads to an act, by its words.</summary>
    private async Task<List<string>> ButtonsAsync(Browser browser, string cookies, string path)
    {
        await using var hub = await BlazorHub.OpenAsync(Portal, browser, cookies, path);
        await hub.FindAsync(IsButton);
        return [.. hub.Handlers.Where(IsButton).Select(h => h.Text).Distinct()];
    }

    /// <summary>Opens the dialog, fills it and sends it.</summary>
    private static async Task ActAsync(BlazorHub hub, string button)
    {
        var drawn = hub.Handlers.Count;
        for (var tries = 0; !hub.Handlers.Skip(drawn).Any(IsDialog); tries++)
        {
            // Answered when the dialog is closed, which it is only by an act that was done; or at once, when the page has been drawn anew
            // meanwhile.
            var clicked = hub.ClickAsync(await hub.FindAsync(h => IsButton(h) && h.Text == button));
            await Eventually.BecomesTrueAsync(() => clicked.IsCompleted || hub.Handlers.Skip(drawn).Any(IsDialog));
            tries.ShouldBeLessThan(10, $"{button}: {(clicked.IsCompleted ? await clicked : "no answer")}");
        }

        foreach (var field in hub.Handlers.Skip(drawn).Where(IsField).Select(h => h.Attributes).Distinct().ToList())
        {
            // What one field gets may draw the others anew, and with them what they listen to.
            for (var tries = 0; await hub.ChangeAsync(
                hub.Handlers.Last(h => IsField(h) && h.Attributes == field), ValueFor(field)) is { } refused; tries++)
            {
                tries.ShouldBeLessThan(10, refused);
                await Task.Delay(50);
            }
        }

        (await hub.SubmitAsync(await hub.FindAsync(IsDialog, since: drawn))).ShouldBeNull(button);
    }

    private static string ValueFor(string field) =>
        field.Contains("type=date", StringComparison.Ordinal) ? "2027-01-31" : "Der Kunde hat angerufen";

    private static bool IsField(RenderedHandler handler) => handler.Event is "onchange" or "oninput";

    private static bool IsDialog(RenderedHandler handler) =>
        handler.Event == "onsubmit" && handler.Attributes.Contains("act-form", StringComparison.Ordinal);

    private Task TakeRightsAsync(StaffUser user) => UnnoticedAsync("DELETE FROM asp_net_user_roles WHERE user_id = $1", user);

    private Task GiveRightsAsync(StaffUser user) =>
        UnnoticedAsync(
            $"INSERT INTO asp_net_user_roles (user_id, role_id) SELECT $1, id FROM asp_net_roles WHERE name = '{StaffRoles.Administrator}'",
            user);

    /// <summary>
    /// Without the notice to the nodes, which would end the circuit before it acts: the database has to refuse by itself.
    /// </summary>
    private async Task UnnoticedAsync(string sql, StaffUser user)
    {
        await using var owner = new NpgsqlConnection(Portal.Database.OwnerConnection + ";Pooling=false");
        await owner.OpenAsync();
        await using var silence = new NpgsqlCommand("SET session_replication_role = replica", owner);
        await silence.ExecuteNonQueryAsync();
#pragma warning disable CA2100 // The texts stand above.
        await using var change = new NpgsqlCommand(sql, owner) { Parameters = { new() { Value = user.Id } } };
#pragma warning restore CA2100
        (await change.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private async Task<List<LicenseEvent>> EventsOfAsync(StaffUser user)
    {
        await using var db = Portal.Open();
        return await db.Events.AsNoTracking().Where(e => e.ActorId == user.Id).OrderBy(e => e.At).ToListAsync();
    }

    private static async Task<string> CookiesAsync(Browser browser) =>
        await (await browser.GetAsync("/test/cookies")).Answer.Content.ReadAsStringAsync();
}
