using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>T11: what weighs much needs a factor that was shown within fifteen minutes, and what was typed meanwhile is not lost.</summary>
public sealed class FreshFactorTests(StaffGround ground) : StaffPageContext(ground)
{
    private static readonly TimeSpan JustFresh = FreshSignIn.Lifetime - TimeSpan.FromSeconds(1);

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task Every_act_that_needs_it_is_refused_to_an_older_sign_in_and_none_happens()
    {
        var (license, computer, request) = await PreparedAsync();
        var invoice = await Portal.StoreAsync();

        var refused = await RunAllAsync(
            await Ground.Administrator.ActorAsync(authenticatedAt: Now - FreshSignIn.Lifetime), license, computer, request, invoice);

        // Whoever adds such a use case adds it here.
        refused.Keys.Order().ShouldBe(StaffPermissionsTests.Fresh().Order());
        refused.ShouldAllBe(one => one.Value == StaffRefusal.FactorTooOld);
        var after = await license.ReadAsync();
        (after.State, after.Activations.Single(a => a.Id == computer).State).ShouldBe((LicenseState.Active, ActivationState.Active));
        await using var db = Portal.Open();
        (await db.Invoices.SingleAsync(i => i.Id == invoice.Id)).State.ShouldBe(InvoiceState.Issued);
        (await db.AuditEntries.CountAsync(e => e.Stream == Ground.Administrator.Id && e.Kind == AuditKind.FactorAsked))
            .ShouldBeGreaterThanOrEqualTo(4);
        (await db.Events.CountAsync(e => e.Stream == license.Id && e.Kind == EventKind.Refused))
            .ShouldBe(0, "asking for the factor is no part of the license's history");
    }

    [Fact]
    public async Task A_younger_one_is_enough()
    {
        var (license, computer, request) = await PreparedAsync();
        var invoice = await Portal.StoreAsync();

        var refused = await RunAllAsync(
            await Ground.Administrator.ActorAsync(authenticatedAt: Now - JustFresh), license, computer, request, invoice);

        refused.ShouldAllBe(one => one.Value == null);
    }

    [Fact]
    public async Task Ordinary_work_goes_on_with_an_older_sign_in()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var actor = await Ground.Clerk.ActorAsync(authenticatedAt: Now.AddHours(-6));

        (await Ground.Use<SelfHelpPortal.Features.Staff.Licenses.SuspendLicense>()
            .ExecuteAsync(new(Guid.NewGuid(), actor, "Der Kunde hat angerufen"), license.Id, Now, default))
            .ShouldBe(StaffResult.Done);
    }

    [Fact]
    public async Task The_page_leads_to_the_factor_and_comes_back_with_what_was_typed()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1", "KASSE-2"], seats: 2);
        var computer = (await license.ReadAsync()).Activations.Single(a => a.PcName == "KASSE-2").Id;
        Speak("de");
        await OpenAsync(Ground.Clerk, typeof(ShowLicense), typeof(LicensePageActs));
        var session = Services.GetRequiredService<SelfHelpPortal.Shared.Access.StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Now - FreshSignIn.Lifetime };
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo($"/staff/licenses/{license.Number}");
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<LicensePage>(p => p.Add(x => x.Number, license.Number));
        page.WaitForElement("tbody");

        var asking = page.FindAll("tbody tr").Single(r => r.TextContent.Contains("KASSE-2", StringComparison.Ordinal))
            .QuerySelector(".link-danger")!.ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        await dialogs.Find("#act-reason").ChangeAsync("Gestohlen, Anzeige folgt");
        await dialogs.Find(".act-form").SubmitAsync();

        // Leaving closes the dialog.
        await asking;
        var back = Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]);
        new Uri(navigation.Uri).AbsolutePath.ShouldBe(FreshSignIn.Path);
        back.ShouldStartWith($"/staff/licenses/{license.Number}?draft=");

        // As after the page that asks for the factor: a new circuit with a fresh sign-in, at the address that was kept.
        session.Actor = await Ground.Clerk.ActorAsync();
        navigation.NavigateTo(back);
        dialogs.WaitForElement("#act-reason").GetAttribute("value").ShouldBe("Gestohlen, Anzeige folgt");
        dialogs.Find(".act-form").TextContent.ShouldContain("KASSE-2");
        await dialogs.Find(".act-form").SubmitAsync();

        page.WaitForElement("[role=status][data-outcome=exclusion-requested]");
        await using var db = Portal.Open();
        (await db.ExclusionRequests.SingleAsync(r => r.LicenseId == license.Id)).ActivationId.ShouldBe(computer);
        (await db.Set<StaffDraft>().CountAsync(d => d.UserId == Ground.Clerk.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_draft_is_its_authors_alone_and_for_an_hour()
    {
        var drafts = Ground.Use<StaffDrafts>();
        var (clerk, other) = (await Ground.Clerk.ActorAsync(), await Ground.Administrator.ActorAsync());
        var first = await drafts.KeepAsync(clerk, "RevokeLicense", null, "Grund", Now, default);
        (await drafts.TakeAsync(other, first, Now, default)).ShouldBeNull();
        (await drafts.TakeAsync(clerk, first, Now, default)).ShouldNotBeNull().Reason.ShouldBe("Grund");
        (await drafts.TakeAsync(clerk, first, Now, default)).ShouldBeNull();
        var second = await drafts.KeepAsync(clerk, "RevokeLicense", null, "Grund", Now, default);

        (await drafts.TakeAsync(clerk, second, Now + StaffDraft.Lifetime, default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_export_leads_to_the_factor_and_comes_back_with_its_days()
    {
        var accountant = await StaffUser.CreateAsync(Portal, StaffRoles.Billing);
        using var browser = await accountant.SignInAsync();
        Portal.Clock.Advance(FreshSignIn.Lifetime);

        await browser.GetAsync("/staff/invoices/export?from=2026-01-01&to=2026-03-31");

        browser.Path.ShouldStartWith(FreshSignIn.Path);
        await browser.SubmitAsync(("Password", StaffUser.Password), ("Code", accountant.Code()));
        browser.Path.ShouldBe("/staff/invoices?from=2026-01-01&to=2026-03-31");
        using var answer =
            await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/staff/invoices/export?from=2026-01-01&to=2026-03-31"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
    }

    private async Task<(SampleLicense License, Guid Computer, Guid Request)> PreparedAsync()
    {
        var license = await Portal.AddLicenseAsync(seats: 2, computers: ["KASSE-1", "KASSE-2"]);
        var computers = (await license.ReadAsync()).Activations;
        var wanted = computers.Single(a => a.PcName == "KASSE-2").Id;
        (await Ground.Use<RequestExclusion>().ExecuteAsync(await Ground.ActAsync("Gestohlen"), license.Id, wanted, Now, default))
            .ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        return (license, computers.Single(a => a.PcName == "KASSE-1").Id,
            await db.ExclusionRequests.Where(r => r.LicenseId == license.Id).Select(r => r.Id).SingleAsync());
    }

    private async Task<Dictionary<string, StaffRefusal?>> RunAllAsync(
        StaffActor actor, SampleLicense license, Guid computer, Guid request, Invoice invoice)
    {
        StaffAct Act() => new(Guid.NewGuid(), actor, "Ein Grund");
        var day = DateOnly.FromDateTime(Now.UtcDateTime);
        var vendor = (await Ground.Use<ShowVendor>().ExecuteAsync(actor, Now, default)).Value!;
        return new Dictionary<string, StaffRefusal?>
        {
            [nameof(RequestExclusion)] =
                (await Ground.Use<RequestExclusion>().ExecuteAsync(Act(), license.Id, computer, Now, default)).Refused,
            [nameof(ApproveExclusion)] =
                (await Ground.Use<ApproveExclusion>().ExecuteAsync(Act(), license.Id, request, Now, default)).Refused,
            [nameof(CancelInvoice)] = (await Ground.Use<CancelInvoice>().ExecuteAsync(Act(), invoice.Id, Now, default)).Refused,
            [nameof(ExportInvoices)] = await Ground.Use<ExportInvoices>()
            .ExecuteAsync(actor, day, day, () => new MemoryStream(), Now, default),
            [nameof(ExportAudit)] =
                (await Ground.Use<ExportAudit>().ExecuteAsync(actor, new(null, null, null, null, null), Now, default)).Refused,
            [nameof(SaveVendor)] = (await Ground.Use<SaveVendor>()
                .ExecuteAsync(actor, Guid.NewGuid(), vendor.Settings, vendor.Version, Now, default)).Refused,
            [nameof(RevokeLicense)] = (await Ground.Use<RevokeLicense>().ExecuteAsync(Act(), license.Id, Now, default)).Refused,
        };
    }
}
