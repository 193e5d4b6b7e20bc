using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The pages as a clerk's circuit draws them, on the real use cases and database.</summary>
public sealed class StaffPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de", "Auffälligkeit", "gesperrt")]
    [InlineData("en", "Flag", "locked")]
    public async Task The_work_list_names_each_open_case(string language, string kind, string mark)
    {
        var (license, number) = await Ground.LockedAsync();
        Portal.Clock.Advance(TimeSpan.FromDays(3));
        Speak(language);
        await OpenAsync();

        var page = Render<DeskPage>();
        page.WaitForElement("[data-outcome=desk]");

        page.WaitForElement($"a[data-row][href$='{number}']").TextContent.ShouldBe($"{kind} {number}");
        var row = page.FindAll("tr").Single(r => r.TextContent.Contains(number, StringComparison.Ordinal));
        row.TextContent.ShouldContain(mark);
        row.TextContent.ShouldContain(license.Number);
        row.TextContent.ShouldContain(language == "de" ? "3 Tagen" : "3 days");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task A_page_that_is_left_stops_reading_but_not_what_was_clicked()
    {
        await OpenAsync();
        var page = Render<EmptyPage>().Instance;
        page.Read.IsCancellationRequested.ShouldBeFalse();

        await DisposeComponentsAsync();

        page.Read.IsCancellationRequested.ShouldBeTrue();
        EmptyPage.Act.CanBeCanceled.ShouldBeFalse();
    }

    [Theory]
    [InlineData("de", "Vendor:Iban ist „DE00“")]
    [InlineData("en", "Vendor:Iban is 'DE00'")]
    public async Task The_desk_says_why_no_invoices_are_issued(string language, string sentence)
    {
        Speak(language);
        await OpenAsync();
        Services.AddSingleton(new ShowDesk(
            Portal.Services.GetRequiredService<StaffReads>(), InvoicingTests.Judge(vendor => vendor.Iban = "DE00"),
            new NodeClock(TimeProvider.System), Portal.Services.GetRequiredService<ProxyWatch>()));

        var page = Render<DeskPage>();
        page.WaitForElement("[data-outcome=desk]");

        page.Find("#invoicing li").TextContent.ShouldStartWith(sentence);
        page.FindAll("#clock").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de", "Vor dem Portal steht ein Proxy (10.0.0.7)")]
    [InlineData("en", "There is a proxy (10.0.0.7) in front of the portal")]
    public async Task The_desk_names_a_proxy_that_the_configuration_does_not(string language, string sentence)
    {
        Speak(language);
        await OpenAsync();
        var request = new DefaultHttpContext();
        request.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.7");
        request.Request.Headers["X-Forwarded-For"] = "198.51.100.7";
        Portal.Services.GetRequiredService<ProxyWatch>().Look(request);

        var page = Render<DeskPage>();
        page.WaitForElement("[data-outcome=desk]");

        page.Find("#proxy").TextContent.ShouldContain(sentence);
    }

    /// <summary>A machine whose clock is wrong issues nothing, and its desk says so.</summary>
    [Theory]
    [InlineData(9, "de", "9 Minuten vor")]
    [InlineData(-9, "en", "9 minutes behind")]
    public async Task The_desk_says_that_the_clock_is_wrong(int minutes, string language, string sentence)
    {
        Speak(language);
        await OpenAsync();
        Services.AddSingleton(new ShowDesk(
            Portal.Services.GetRequiredService<StaffReads>(), Portal.Services.GetRequiredService<VendorInvoicing>(),
            new NodeClock(new ShiftedClock(minutes)), Portal.Services.GetRequiredService<ProxyWatch>()));

        var page = Render<DeskPage>();
        page.WaitForElement("[data-outcome=desk]");

        page.Find("#clock").TextContent.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("de", "KASSE-ALT hat sich nach der Freigabe gemeldet")]
    [InlineData("en", "KASSE-ALT checked in after its release")]
    public async Task A_license_shows_its_computers_and_its_history(string language, string seen)
    {
        var (license, number) = await Ground.LockedAsync();
        await license.ActAsync(async (l, db) =>
        {
            var old = l.Activations.Single(a => a.PcName == "KASSE-ALT");
            await SelfHelpPortal.Data.EventLog.AppendAsync(
                db, l.Id, SelfHelpPortal.Data.EventKind.Sighted, new() { Activation = old.Id }, new(SelfHelpPortal.Data.ActorKind.Device),
                null, Portal.Clock.Now, default);
            return 0;
        });
        Speak(language);
        await OpenAsync();

        var page = Render<LicensePage>(p => p.Add(x => x.Number, license.Number));
        page.WaitForElement("h1");

        page.Find("h1").TextContent.ShouldContain(license.Number);
        page.FindAll("tbody tr").Count.ShouldBe(2);
        page.Find("tbody").TextContent.ShouldContain("KASSE-NEU");
        page.Find(".timeline").TextContent.ShouldContain(seen);
        page.Find(".notice a").GetAttribute("href").ShouldBe($"/staff/flags/{number}");
        page.Markup.ShouldNotContain(license.Key);
        page.Markup.ShouldNotContain(license.Key[..11]);
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Theory]
    [InlineData("de", "Entsperrt.")]
    [InlineData("en", "Unlocked.")]
    public async Task A_case_is_unlocked_through_its_dialog_and_only_with_a_reason(string language, string done)
    {
        var (license, number) = await Ground.LockedAsync();
        Speak(language);
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<FlagPage>(p => p.Add(x => x.Number, number));
        page.WaitForElement(".facts").TextContent.ShouldContain("KASSE-NEU");
        ShouldHoldNoRawKey(page.Nodes);

        var acting = page.Find(".identity-act button").ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#act-cause-error");
        await dialogs.Find("#act-cause-repairedpc").ChangeAsync("RepairedPc");
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#act-reason-error");
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);

        await dialogs.Find("#act-reason").InputAsync("Der alte PC ist verschrottet");
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=unlocked]").TextContent.ShouldContain(done);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        page.FindAll(".identity-act button").Count.ShouldBe(1, "it can only be opened again");
    }

    [Theory]
    [InlineData("de", "Antwort da", "Wartet auf Kunde", "Eine Sicherung oder ein Abbild wurde zurückgespielt")]
    [InlineData("en", "Answered", "Waiting for customer", "A backup or an image was restored")]
    public async Task An_answer_stands_on_the_desk_and_in_the_case_until_staff_ask_again(
        string language, string answered, string asked, string reason)
    {
        var (license, number) = await Ground.LockedAsync();
        using (var owner = new Browser(Portal))
        {
            await owner.GetAsync("/flag/"
                + await license.LinkAsync(LinkPurpose.Flag, (await license.ReadAsync()).OpenFlag(FlagKind.Sighting)!.Id));
            await owner.SubmitAsync(("Explanation", "restored-image"), ("Message", "Nach dem Virus <b>gestern</b>"), ("Act", "answer"));
            owner.Outcome.ShouldBe("answered");
        }

        Speak(language);
        await OpenAsync();
        Row("").ShouldContain(answered);
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<FlagPage>(p => p.Add(x => x.Number, number));
        page.WaitForElement("blockquote").TextContent.ShouldBe("Nach dem Virus <b>gestern</b>");
        page.FindAll("main p").ShouldContain(p => p.TextContent.Contains(reason));
        page.Find(".timeline").TextContent.ShouldContain(reason);
        ShouldHoldNoRawKey(page.Nodes);

        var acting = page.FindAll(".identity-act button")[1].ClickAsync(new());
        dialogs.WaitForElement(".act-form").TextContent.ShouldContain(SampleLicense.Owner);
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#act-reason").InputAsync("Welcher PC war das?");
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=asked]");
        page.FindAll(".case-facts blockquote")[^1].TextContent.ShouldContain("Welcher PC war das?");
        var row = Row("?view=waiting");
        row.ShouldContain(asked);
        row.ShouldNotContain(answered);

        string Row(string view)
        {
            Services.GetRequiredService<NavigationManager>().NavigateTo("/staff" + view);
            var desk = Render<DeskPage>();
            desk.WaitForElement($"a[data-row][href$='{number}']");
            return desk.FindAll("tr").Single(r => r.TextContent.Contains(number, StringComparison.Ordinal)).TextContent;
        }
    }

    [Fact]
    public async Task Searching_for_a_whole_key_puts_only_its_end_into_the_address()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        await OpenAsync();
        var form = Render<SearchForm>();

        await form.Find("input").ChangeAsync(license.Key.ToLowerInvariant());
        await form.Find("form").SubmitAsync();

        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith($"/staff/licenses?q={license.LastFive}");
    }

    /// <summary>Whoever may not do something is not asked for a reason first.</summary>
    [Fact]
    public async Task Billing_is_offered_a_note_and_no_act_on_a_license()
    {
        var (license, _) = await Ground.LockedAsync();
        await OpenAsync(Ground.Accountant);

        var page = Render<LicensePage>(p => p.Add(x => x.Number, license.Number));
        page.WaitForElement(".timeline");

        page.FindAll("button").ShouldHaveSingleItem().GetAttribute("data-key").ShouldBe("n");
    }

    [Fact]
    public async Task A_page_whose_sign_in_has_ended_shows_nothing_and_ends_the_circuit()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var (license, _) = await Ground.LockedAsync();
        await OpenAsync(clerk);
        await clerk.DisableAsync();

        var page = Render<LicensePage>(p => p.Add(x => x.Number, license.Number));
        page.WaitForElement("[data-outcome=signinended]");

        page.Markup.ShouldNotContain("KASSE");
        Services.GetRequiredService<StaffSession>().IsEnded.ShouldBeTrue();
    }

    private Task OpenAsync(StaffUser? user = null) =>
        OpenAsync(user, typeof(ShowDesk), typeof(ListWork), typeof(AssignCase), typeof(ShowWhoElse), typeof(ShowRecipients),
            typeof(AskAboutFlag), typeof(SendMailAgain), typeof(ShowLicense), typeof(ShowFlag), typeof(FlagPageActs),
            typeof(LicensePageActs));

    private sealed class EmptyPage : StaffPage
    {
        public static CancellationToken Act => ToTheEnd;

        public CancellationToken Read => Aborted;
    }
}
