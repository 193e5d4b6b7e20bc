using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Week, day and appointment as a clerk's circuit draws them, on the real use cases and database.</summary>
public sealed class StaffAppointmentPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de", "Termine am Dienstag, 17.11.2026")]
    [InlineData("en", "Appointments on Tuesday, 17 Nov 2026")]
    public async Task A_week_shows_its_days_and_who_comes_when(string language, string caption)
    {
        var sample = await Portal.AddAppointmentAsync();
        Speak(language);
        await OpenAsync();

        var page = Render<AppointmentsPage>();
        page.WaitForElement("[data-outcome=appointments] table");

        page.FindAll("h2").Count.ShouldBe(7);
        page.FindAll("caption").Select(c => c.TextContent).ShouldContain(caption);
        var link = page.Find($"a[href='/staff/appointments/{sample.Id}']");
        link.TextContent.Trim().ShouldBe("14:00");
        ShouldHoldNoRawKey(page.Nodes);

        Services.GetRequiredService<NavigationManager>().NavigateTo("/staff/appointments?day=2026-11-17&view=day");
        var day = Render<AppointmentsPage>();
        day.WaitForElement("[data-outcome=appointments] table");
        day.FindAll("h2").Count.ShouldBe(1);
        day.Find("a[rel=next]").GetAttribute("href").ShouldBe("/staff/appointments?day=2026-11-18&view=day");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task The_steps_are_ticked_by_one_click_each_and_then_it_is_closed(string language)
    {
        var sample = await Portal.AddAppointmentAsync();
        Speak(language);
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<AppointmentPage>(p => p.Add(x => x.Id, sample.Id));
        page.WaitForElement("[data-outcome=appointment]").TextContent.ShouldContain("Erika Muster");
        ShouldHoldNoRawKey(page.Nodes);

        for (var step = 0; step < 2; step++)
        {
            await page.Find("ol button").ClickAsync(new());
            page.WaitForElement("[data-outcome=ticked]");
        }

        (await sample.ReadAsync()).Steps.ShouldBe(MoveStep.OldPcReleased | MoveStep.NewPcActivated);
        var closing = page.Find(".actions .button:not(.button-quiet):not(.button-danger)").ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        await dialogs.Find(".act-form").SubmitAsync();
        await closing;
        page.WaitForElement("[data-outcome=finished]");
        (await sample.ReadAsync()).State.ShouldBe(AppointmentState.Done);
        page.FindAll(".actions").ShouldBeEmpty();
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task The_checklist_is_ticked_by_one_click_each_and_the_customer_sees_it(string language)
    {
        var sample = await Portal.AddAppointmentAsync();
        Speak(language);
        await OpenAsync();
        var page = Render<AppointmentPage>(p => p.Add(x => x.Id, sample.Id));
        await page.WaitForElement("#country-DE").ChangeAsync(true);
        await page.WaitForElement("#backup-yes").ChangeAsync(true);
        await page.WaitForElement("#item-restore").ChangeAsync(true);
        ShouldHoldNoRawKey(page.Nodes);
        page.FindAll("#item-new").ShouldBeEmpty();

        (await sample.ReadAsync()).Checklist.ShouldBe(new ChecklistAnswers { Country = "DE", HasBackup = true, Done = ["restore"] });
        await page.Find("#item-restore").ChangeAsync(false);
        (await sample.ReadAsync()).Checklist!.Done.ShouldBeEmpty();
        var browser = new Browser(Portal);
        (await browser.GetAsync(sample.Page)).Page.QuerySelectorAll("main [name=backup][value=yes][checked]").ShouldHaveSingleItem();
        browser.Dispose();
    }

    [Fact]
    public async Task Whoever_works_on_invoices_sees_it_and_changes_nothing()
    {
        var sample = await Portal.AddAppointmentAsync();
        Speak("de");
        await OpenAsync(Ground.Accountant);

        var page = Render<AppointmentPage>(p => p.Add(x => x.Id, sample.Id));

        page.WaitForElement("[data-outcome=appointment]");
        page.FindAll("main button").ShouldBeEmpty();
        (await Ground.Use<TickMoveStep>().ExecuteAsync(
            await Ground.ActAsync(by: Ground.Accountant), sample.Id, MoveStep.OldPcReleased, Portal.Clock.Now, default)).Refused
            .ShouldBe(SelfHelpPortal.Features.Staff.Kit.StaffRefusal.NotPermitted);
    }

    [Fact]
    public async Task What_was_agreed_is_typed_and_what_is_missing_is_said()
    {
        var product = await Portal.AddBookableAsync();
        Speak("de");
        await OpenAsync();
        Services.AddSingleton(Portal.Services.GetRequiredService<ProductCatalog>());
        var page = Render<NewAppointmentPage>();
        page.WaitForElement($"option[value={product.Id}]");

        await page.Find("form").SubmitAsync();
        page.WaitForElement("#name-error");
        ShouldHoldNoRawKey(page.Nodes);

        var agreed = SampleAppointments.Agreed(product, Portal.Clock.Now);
        foreach (var (field, value) in new[]
            { ("product", agreed.Product), ("day", agreed.Day), ("clock", agreed.Clock), ("name", agreed.Name), ("email", agreed.Email),
                ("phone", agreed.Phone) })
        {
            await page.Find($"#{field}").ChangeAsync(value);
        }

        await page.Find("form").SubmitAsync();
        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith($"/staff/appointments?day={agreed.Day}&view=day");
        await using var db = Portal.Open();
        (await db.Appointments.SingleAsync(a => a.Email == agreed.Email)).ProductId.ShouldBe(product.Id);
    }

    [Fact]
    public async Task The_secret_address_is_shown_once()
    {
        Speak("en");
        await OpenAsync();
        var page = Render<AppointmentsPage>();
        page.WaitForElement("[data-outcome=appointments]");

        await page.Find("details button").ClickAsync(new());

        page.WaitForElement("#feed").TextContent.ShouldContain("/appointments/feed/");
        ShouldHoldNoRawKey(page.Nodes);
    }

    private Task OpenAsync(StaffUser? user = null) => OpenAsync(
        user, typeof(ListAppointments), typeof(ShowAppointment), typeof(AppointmentPageActs), typeof(AgreeAppointment),
        typeof(CreateCalendarFeed));
}
