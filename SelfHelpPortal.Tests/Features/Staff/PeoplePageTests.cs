using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The page on which administrators work on staff accounts.</summary>
public sealed class PeoplePageTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task It_shows_who_is_there_and_offers_what_fits_the_state(string language)
    {
        var half = await StaffUser.CreateAsync(Portal, secondFactor: false);
        var disabled = await StaffUser.CreateAsync(Portal);
        await disabled.DisableAsync();
        Speak(language);

        var page = await DrawAsync(Ground.Administrator);

        Buttons(Ground.Administrator).ShouldBe(0, "nobody changes the own account");
        // Another role and disabling, and an invitation or a reset where it makes sense.
        Buttons(half).ShouldBe(3);
        Buttons(disabled).ShouldBe(2);
        ShouldHoldNoRawKey(page.Nodes);

        int Buttons(StaffUser person) => page.FindAll("tbody tr")
            .Single(r => r.TextContent.Contains(person.Email, StringComparison.Ordinal)).QuerySelectorAll("button").Length;
    }

    [Fact]
    public async Task It_names_the_command_where_there_are_too_few_administrators()
    {
        // Besides the fixture's one there is none when this runs alone, so the others are put away.
        await using (var db = Portal.Open())
        {
            await db.Users.Where(u => u.Id != Ground.Administrator.Id && u.Id != Ground.Clerk.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(u => u.LockoutEnd, DateTimeOffset.MaxValue));
        }

        Speak("en");
        var page = await DrawAsync(Ground.Administrator);

        page.Find("#reset-by-operator + p").TextContent.ShouldContain("admin reset");
        page.FindAll("tbody tr").Single(r => r.TextContent.Contains(Ground.Clerk.Email, StringComparison.Ordinal))
            .QuerySelectorAll("button").Length.ShouldBe(2);
    }

    [Fact]
    public async Task An_invitation_is_typed_refused_at_its_field_and_sent()
    {
        Speak("de");
        var dialogs = await OpenWithDialogsAsync(Ground.Administrator);
        var page = Render<PeoplePage>();
        page.WaitForElement("table");

        var acting = page.Find("p > button.button").ClickAsync(new());
        dialogs.WaitForElement("#person-name");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#person-name").ChangeAsync("Anna Berg");
        await dialogs.Find("#person-email").ChangeAsync(Ground.Clerk.Email);
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#person-email-error");
        var email = $"{Guid.NewGuid():n}@team.example";
        await dialogs.Find("#person-email").ChangeAsync(email);
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=invited]");
        page.FindAll("tbody tr").ShouldContain(r => r.TextContent.Contains(email, StringComparison.Ordinal));
        page.Markup.ShouldNotContain("/account/set-up/");
    }

    [Fact]
    public async Task What_was_typed_comes_back_after_the_factor()
    {
        Speak("de");
        var dialogs = await OpenWithDialogsAsync(Ground.Administrator);
        var session = Services.GetRequiredService<StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Now - FreshSignIn.Lifetime };
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/staff/setup/people");
        var page = Render<PeoplePage>();
        page.WaitForElement("table");
        var email = $"{Guid.NewGuid():n}@team.example";

        var asking = page.Find("p > button.button").ClickAsync(new());
        dialogs.WaitForElement("#person-name");
        await dialogs.Find("#person-name").ChangeAsync("Anna Berg");
        await dialogs.Find("#person-email").ChangeAsync(email);
        await dialogs.Find("#person-role").ChangeAsync(StaffRoles.Billing);
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;

        var back = Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]);
        back.ShouldStartWith("/staff/setup/people?draft=");
        session.Actor = await Ground.Administrator.ActorAsync();
        navigation.NavigateTo(back);
        dialogs.WaitForElement("#person-name").GetAttribute("value").ShouldBe("Anna Berg");
        dialogs.Find("#person-email").GetAttribute("value").ShouldBe(email);
        await dialogs.Find(".act-form").SubmitAsync();

        page.WaitForElement("[role=status][data-outcome=invited]");
        await using var db = Portal.Open();
        (await StaffPeople.ListAsync(db, Now, default)).Single(p => p.Email == email).Roles.ShouldBe([StaffRoles.Billing]);
    }

    [Fact]
    public async Task A_role_is_changed_and_a_reset_approved_by_another_administrator()
    {
        var (asker, person) = (await StaffUser.CreateAsync(Portal, StaffRoles.Administrator), await StaffUser.CreateAsync(Portal));
        // Those of the other tests would stand there too.
        await using (var db = Portal.Open())
        {
            await db.StaffResets.ExecuteDeleteAsync();
        }

        (await Ground.Use<RequestReset>().ExecuteAsync(await Ground.ActAsync("Phone is lost", asker), person.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        Speak("en");
        var dialogs = await OpenWithDialogsAsync(Ground.Administrator);
        var page = Render<PeoplePage>();
        page.WaitForElement(".notice blockquote").TextContent.ShouldBe("Phone is lost");

        var changing = page.FindAll("tbody tr").Single(r => r.TextContent.Contains(asker.Email, StringComparison.Ordinal))
            .QuerySelector("button")!.ClickAsync(new());
        dialogs.WaitForElement("#new-role").GetAttribute("value").ShouldBe(StaffRoles.Administrator);
        await dialogs.Find(".act-form [type=button]").ClickAsync(new());
        await changing;
        var approving = page.Find(".notice .button-danger").ClickAsync(new());
        dialogs.WaitForElement("#act-reason");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#act-reason").InputAsync("Seen in person");
        await dialogs.Find(".act-form").SubmitAsync();
        await approving;

        page.WaitForElement("[role=status][data-outcome=reset]");
        page.FindAll(".notice blockquote").ShouldBeEmpty();
        page.FindAll("tbody tr").Single(r => r.TextContent.Contains(person.Email, StringComparison.Ordinal))
            .TextContent.ShouldContain("Invited");
    }

    [Fact]
    public async Task Whoever_asked_can_only_withdraw()
    {
        var asker = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var person = await StaffUser.CreateAsync(Portal);
        (await Ground.Use<RequestReset>().ExecuteAsync(await Ground.ActAsync("Telefon weg", asker), person.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        Speak("de");

        var page = await DrawAsync(asker);

        var notice = page.FindAll(".notice").Single(n => n.TextContent.Contains("Telefon weg", StringComparison.Ordinal));
        notice.QuerySelectorAll("button").Select(b => b.TextContent.Trim()).ShouldBe(["Antrag zurückziehen"]);
    }

    private async Task<IRenderedComponent<PeoplePage>> DrawAsync(StaffUser user)
    {
        await OpenAsync(user, typeof(ShowStaff), typeof(PeoplePageActs));
        var page = Render<PeoplePage>();
        page.WaitForElement("table");
        return page;
    }

    private async Task<IRenderedComponent<MudBlazor.MudDialogProvider>> OpenWithDialogsAsync(StaffUser user)
    {
        await OpenAsync(user, typeof(ShowStaff), typeof(PeoplePageActs));
        return Render<MudBlazor.MudDialogProvider>();
    }
}
