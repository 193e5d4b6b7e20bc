using System.Net;
using System.Text;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Who of staff saw, searched and exported what, and what was done to staff accounts.</summary>
public sealed class AuditTests(StaffGround ground) : StaffPageContext(ground)
{
    private static readonly AuditFilter Everything = new(null, null, null, null, null);

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task Whatever_shows_personal_data_is_noted_once_an_hour_for_each_person()
    {
        var (license, flag) = await Ground.LockedAsync();
        var order = await Portal.AddTransferAsync();
        var invoice = await Portal.StoreAsync();
        var (clerk, colleague) = (await StaffUser.CreateAsync(Portal), await StaffUser.CreateAsync(Portal));

        await ReadAllAsync(await clerk.ActorAsync());
        await ReadAllAsync(await clerk.ActorAsync());
        await ReadAllAsync(await colleague.ActorAsync());

        (AuditKind, string?, string?)[] once =
        [
            (AuditKind.LicenseOpened, license.Number, null),
            (AuditKind.CaseOpened, flag, null),
            (AuditKind.TransferOpened, order.Reference, null),
            (AuditKind.InvoiceOpened, invoice.Number, null),
            (AuditKind.LicensesSearched, null, "Muster"),
            (AuditKind.TransfersSearched, null, "Muster"),
            (AuditKind.InvoicesSearched, null, "Muster"),
        ];
        (await EntriesAsync(clerk)).ShouldBe(once);
        (await EntriesAsync(colleague)).ShouldBe(once);
        Portal.Clock.Advance(TimeSpan.FromHours(1));
        await ReadAllAsync(await clerk.ActorAsync());
        (await EntriesAsync(clerk)).ShouldBe([.. once, .. once]);

        async Task ReadAllAsync(StaffActor actor)
        {
            await Ground.Use<ShowDesk>().ExecuteAsync(actor, Now, default);
            await Ground.Use<SearchLicenses>().ExecuteAsync(actor, "", default, Now, default);
            (await Ground.Use<ShowLicense>().ExecuteAsync(actor, license.Number, Now, default)).Refused.ShouldBeNull();
            (await Ground.Use<ShowLicense>().ExecuteAsync(actor, "L-0", Now, default)).Refused.ShouldBe(StaffRefusal.NotFound);
            (await Ground.Use<ShowFlag>().ExecuteAsync(actor, flag, Now, default)).Refused.ShouldBeNull();
            (await Ground.Use<ShowTransfer>().ExecuteAsync(actor, order.Reference, Now, default)).Refused.ShouldBeNull();
            (await Ground.Use<ShowInvoice>().ExecuteAsync(actor, invoice.Number, Now, default)).Refused.ShouldBeNull();
            await Ground.Use<SearchLicenses>().ExecuteAsync(actor, " Muster ", default, Now, default);
            await Ground.Use<SearchTransfers>().ExecuteAsync(actor, default, "Muster", default, Now, default);
            await Ground.Use<SearchInvoices>().ExecuteAsync(actor, InvoiceFilter.All, "Muster", null, default, Now, default);
        }
    }

    [Fact]
    public async Task A_read_that_is_refused_shows_nothing_and_is_no_entry()
    {
        var (license, _) = await Ground.LockedAsync();
        var nobody = await StaffUser.CreateAsync(Portal, role: null);

        (await Ground.Use<ShowLicense>()
            .ExecuteAsync(await nobody.ActorAsync(), license.Number, Now, default)).Refused.ShouldBe(StaffRefusal.NotPermitted);

        (await EntriesAsync(nobody)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ABCDE-12345-FGHJK-67890", "…67890")]
    [InlineData("0123456789abcdef0123456789abcdef", "…bcdef")]
    [InlineData("L-10042", "L-10042")]
    [InlineData("S-ABCDE-12345", "S-ABCDE-12345")]
    [InlineData("Muster Gastro 2026 GmbH & Co. KG", "Muster Gastro 2026 GmbH & Co. KG")]
    [InlineData("inhaber2026@muster-gastro.example", "inhaber2026@muster-gastro.example")]
    public void Of_what_could_be_a_key_only_the_end_is_noted(string term, string noted) =>
        AuditedRead.Search(AuditKind.LicensesSearched, term).ShouldNotBeNull().Text.ShouldBe(noted);

    [Fact]
    public async Task Exports_and_acts_on_accounts_are_noted_each_time()
    {
        var accountant = await StaffUser.CreateAsync(Portal, StaffRoles.Billing);
        var actor = await accountant.ActorAsync();
        var day = new DateOnly(2026, 11, 1);
        for (var i = 0; i < 2; i++)
        {
            (await Ground.Use<ExportInvoices>().ExecuteAsync(actor, day, day.AddDays(29), () => new MemoryStream(), Now, default))
                .ShouldBeNull();
        }

        (await EntriesAsync(accountant)).ShouldBe(
            [(AuditKind.InvoicesExported, null, "2026-11-01 – 2026-11-30"), (AuditKind.InvoicesExported, null, "2026-11-01 – 2026-11-30")]);

        const string email = "audited@team.example";
        (await Portal.RunAsync("admin", "create", "--email", email, "--role", "support")).Exit.ShouldBe(0);
        (await Portal.RunAsync("admin", "reset", "--email", email)).Exit.ShouldBe(0);
        (await Portal.RunAsync("admin", "role", "--email", email, "--role", "billing")).Exit.ShouldBe(0);
        (await Portal.RunAsync("admin", "disable", "--email", email)).Exit.ShouldBe(0);
        (await Portal.RunAsync("admin", "enable", "--email", email)).Exit.ShouldBe(0);
        await using var db = Portal.Open();
        var id = (await db.Users.SingleAsync(u => u.Email == email)).Id.ToString();
        (await db.AuditEntries.AsNoTracking().Where(e => e.Stream == AuditLog.CommandLine && e.Subject == id).OrderBy(e => e.Seq)
            .ToListAsync()).Select(e => (e.Kind, e.Text)).ShouldBe(
        [
            (AuditKind.AccountCreated, "Support"), (AuditKind.AccountReset, null), (AuditKind.RoleChanged, "Support → Billing"),
                (AuditKind.AccountDisabled, null),
            (AuditKind.AccountEnabled, null),
        ]);
    }

    [Fact]
    public async Task A_customers_data_exported_by_the_operator_is_noted()
    {
        var license = await Portal.AddLicenseAsync();
        await using var db = Portal.Open();
        var number = await (from l in db.Licenses
                            join c in db.Customers on l.CustomerId equals c.Id
                            where l.Id == license.Id
                            select c.Number).SingleAsync();
        var folder = Directory.CreateTempSubdirectory("selfhelp-audit-");
        try
        {
            (await Portal.RunAsync("export", "customer", number, "--out", Path.Combine(folder.FullName, "x.zip"))).Exit.ShouldBe(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        (await db.AuditEntries.AsNoTracking().SingleAsync(e => e.Subject == number)).Kind.ShouldBe(AuditKind.CustomerExported);
    }

    [Fact]
    public async Task Twenty_reads_at_once_make_one_chain()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var actor = await clerk.ActorAsync();

        await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => Ground.Use<SearchInvoices>().ExecuteAsync(actor, InvoiceFilter.All, $"Muster {i}", null, default, Now, default)));

        (await EntriesAsync(clerk)).Count.ShouldBe(20);
        (await Ground.Use<HistoryVerifier>().VerifyAsync(default)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_searched_for_goes_after_its_time_and_the_chain_stays_whole()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        await Ground.Use<SearchInvoices>().ExecuteAsync(await clerk.ActorAsync(), InvoiceFilter.All, "Muster", null, default, Now, default);

        await Ground.Use<RetentionJob>().RunAsync(Now.AddDays(90).AddSeconds(-1), default);
        (await EntriesAsync(clerk)).ShouldBe([(AuditKind.InvoicesSearched, null, "Muster")]);
        await Ground.Use<RetentionJob>().RunAsync(Now.AddDays(90), default);

        (await EntriesAsync(clerk)).ShouldBe([(AuditKind.InvoicesSearched, null, null)]);
        (await Ground.Use<HistoryVerifier>().VerifyAsync(default)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_found_by_person_act_day_and_subject()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var (license, _) = await Ground.LockedAsync();
        await Ground.Use<ShowLicense>().ExecuteAsync(await clerk.ActorAsync(), license.Number, Now, default);
        await Ground.Use<SearchInvoices>().ExecuteAsync(await clerk.ActorAsync(), InvoiceFilter.All, "Muster", null, default, Now, default);
        var today = DateOnly.FromDateTime(Ground.Use<SelfHelpPortal.Platform.Vendor.LocalTimes>().ToLocal(Now).DateTime);

        var mine = Everything with { Person = clerk.Id };
        (await FindAsync(mine)).ShouldBe([AuditKind.InvoicesSearched, AuditKind.LicenseOpened], "newest first");
        (await FindAsync(mine with { Kind = AuditKind.LicenseOpened })).ShouldBe([AuditKind.LicenseOpened]);
        (await FindAsync(mine with { From = today, To = today })).Count.ShouldBe(2);
        (await FindAsync(mine with { From = today.AddDays(1) })).ShouldBeEmpty();
        (await FindAsync(mine with { To = today.AddDays(-1) })).ShouldBeEmpty();
        (await FindAsync(Everything with { Subject = license.Number.ToLowerInvariant() })).ShouldBe([AuditKind.LicenseOpened]);
        (await Ground.Use<SearchAudit>()
            .ExecuteAsync(await Ground.Clerk.ActorAsync(), Everything, null, Now, default)).Refused.ShouldBe(StaffRefusal.NotPermitted);

        async Task<List<AuditKind>> FindAsync(AuditFilter filter) =>
            [.. (await Ground.Use<SearchAudit>()
                .ExecuteAsync(await Ground.Administrator.ActorAsync(), filter, null, Now, default)).Value!.Lines.Select(l => l.Kind)];
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task An_administrator_reads_it_with_who_has_which_role(string language)
    {
        var (license, _) = await Ground.LockedAsync();
        await Ground.Use<ShowLicense>().ExecuteAsync(await Ground.Clerk.ActorAsync(), license.Number, Now, default);
        Speak(language);
        await OpenAsync(Ground.Administrator, typeof(SearchAudit));
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/staff/audit?subject={license.Number}");

        var page = Render<AuditPage>();
        page.WaitForElement("[data-outcome=audit]");

        page.FindAll("table")[0].QuerySelectorAll("tbody tr").ShouldHaveSingleItem().TextContent.ShouldContain(license.Number);
        page.FindAll("table")[1].TextContent.ShouldContain(Ground.Accountant.Email);
        page.Find("a[download]").GetAttribute("href").ShouldBe($"/staff/audit/export?subject={license.Number}");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task The_download_is_a_list_without_formulas()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        await Ground.Use<SearchInvoices>()
            .ExecuteAsync(await clerk.ActorAsync(), InvoiceFilter.All, "=HYPERLINK(\"http://evil.example\")", null, default, Now, default);
        var administrator = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        using var browser = await administrator.SignInAsync();

        using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/staff/audit/export?person={clerk.Id}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var lines = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()).Split("\r\n");
        lines[0].ShouldEndWith("time;account;name;act;subject;text");
        lines[1].ShouldEndWith(";InvoicesSearched;;\"'=HYPERLINK(\"\"http://evil.example\"\")\"");
        (await EntriesAsync(administrator)).ShouldContain(e => e.Kind == AuditKind.AuditExported);
        using var support = await clerk.SignInAsync();
        using var refused = await support.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/staff/audit/export"));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<List<(AuditKind Kind, string? Subject, string? Text)>> EntriesAsync(StaffUser user)
    {
        await using var db = Portal.Open();
        return [.. (await db.AuditEntries.AsNoTracking().Where(e => e.Stream == user.Id).OrderBy(e => e.Seq).ToListAsync())
            .Select(e => (e.Kind, e.Subject, e.Text))];
    }
}
