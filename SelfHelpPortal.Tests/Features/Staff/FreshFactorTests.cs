using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Features.Staff.Tokens;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Features.Staff.Webhooks;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>T11: what weighs much needs a factor that was shown within fifteen minutes, and what was typed meanwhile is not lost.</summary>
public sealed class FreshFactorTests(StaffGround ground) : StaffPageContext(ground)
{
    private static readonly TimeSpan JustFresh = FreshSignIn.Lifetime - TimeSpan.FromSeconds(1);

    private readonly List<(SampleLicense License, string Case)> _cases = [];

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
        await dialogs.Find("#act-reason").InputAsync("Gestohlen, Anzeige folgt");
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

    private async Task<Guid> TokenAsync()
    {
        var secret = await Portal.AddTokenAsync(ApiScopes.All);
        await using var db = Portal.Open();
        return await db.ApiTokens.Where(t => t.Prefix == secret.Substring(0, 10)).Select(t => t.Id).SingleAsync();
    }

    private async Task<(SampleLicense License, Guid Computer, Guid Request)> PreparedAsync()
    {
        // First of all, since the clock goes on with each of them.
        for (var i = 0; i < 5; i++)
        {
            _cases.Add(await Ground.LockedAsync());
        }

        var license = await Portal.AddLicenseAsync(seats: 2, computers: ["KASSE-1", "KASSE-2"]);
        var computers = (await license.ReadAsync()).Activations;
        var wanted = computers.Single(a => a.PcName == "KASSE-2").Id;
        (await Ground.Use<RequestExclusion>().ExecuteAsync(await Ground.ActAsync("Gestohlen"), license.Id, wanted, Now, default))
            .ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        return (license, computers.Single(a => a.PcName == "KASSE-1").Id,
            await db.ExclusionRequests.Where(r => r.LicenseId == license.Id).Select(r => r.Id).SingleAsync());
    }

    private async Task<Guid> PrepareIncidentAsync()
    {
        string[] numbers = [_cases[3].Case, _cases[4].Case];
        (await Ground.Use<RequestIncident>().ExecuteAsync(await Ground.ActAsync(), numbers, FlagCause.OurFault, Now, default))
            .ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        return await db.IncidentRequests.OrderByDescending(r => r.RequestedAt).Select(r => r.Id).FirstAsync();
    }

    /// <summary>A list that was uploaded and checked.</summary>
    private async Task<Guid> PrepareListAsync()
    {
        var (actor, id) = (await Ground.Administrator.ActorAsync(), Guid.NewGuid());
        using var list = new MemoryStream("product,company,email\n"u8.ToArray());
        (await Ground.Use<UploadLicenses>().ExecuteAsync(actor, id, "list.csv", list, Now, default)).ShouldBe(StaffResult.Done);
        (await Ground.Use<CheckImport>().ExecuteAsync(actor, id, Now, default)).ShouldBe(StaffResult.Done);
        return id;
    }

    /// <summary>Products for each act on settings.</summary>
    private async Task<(ProductEntry Product, PriceTarget Unpriced, (PriceTarget Target, Guid Price) Ended,
        (PriceTarget Target, Guid Price) TakenBack)> PrepareSettingsAsync()
    {
        var actor = await Ground.Administrator.ActorAsync();
        var (product, unpriced) = (await AddAsync(), await AddAsync());
        return (product, new PriceTarget(unpriced.Id, PriceArticle.Fee, BasedOn: 0), await PricedAsync(), await PricedAsync());

        async Task<ProductEntry> AddAsync()
        {
            var entry = new ProductEntry($"till-{Guid.NewGuid():n}"[..20], "My till", new ProductPolicies());
            (await Ground.Use<SaveProduct>().ExecuteAsync(actor, Guid.NewGuid(), entry, basedOn: 0, isNew: true, Now, default))
                .ShouldBe(StaffResult.Done);
            return entry;
        }

        async Task<(PriceTarget Target, Guid Price)> PricedAsync()
        {
            var id = (await AddAsync()).Id;
            var price = new PriceEntry(new Money(70_00), null, DateOnly.FromDateTime(Now.UtcDateTime), "Umzug", "Move");
            (await Ground.Use<SetPrice>()
                .ExecuteAsync(actor, Guid.NewGuid(), new(id, PriceArticle.Fee, BasedOn: 0), price, Now, default))
                .ShouldBe(StaffResult.Done);
            await using var db = Portal.Open();
            return (new(id, PriceArticle.Fee, BasedOn: 1),
                await db.PriceList.Where(p => p.ProductId == id).Select(p => p.Id).SingleAsync());
        }
    }

    /// <summary>Somebody for each act on accounts, and enough administrators for a reset.</summary>
    private async Task<(Guid Half, Guid Colleague, Guid Clerk, List<(Guid Person, Guid Request)> Resets)> PreparePeopleAsync()
    {
        var (asker, other) =
            (await StaffUser.CreateAsync(Portal, StaffRoles.Administrator), await StaffUser.CreateAsync(Portal, StaffRoles.Administrator));
        List<(Guid Person, Guid Request)> resets = [];
        for (var i = 0; i < 2; i++)
        {
            var person = await StaffUser.CreateAsync(Portal);
            (await Ground.Use<RequestReset>().ExecuteAsync(await Ground.ActAsync("Telefon verloren", asker), person.Id, Now, default))
                .ShouldBe(StaffResult.Done);
            await using var db = Portal.Open();
            resets.Add((person.Id, await db.StaffResets.Where(r => r.UserId == person.Id).Select(r => r.Id).SingleAsync()));
        }

        var half = await StaffUser.CreateAsync(Portal, secondFactor: false);
        return (half.Id, other.Id, (await StaffUser.CreateAsync(Portal)).Id, resets);
    }

    private async Task<int> TaxesAsync() =>
        (await Ground.Use<ShowTaxRates>().ExecuteAsync(await Ground.Administrator.ActorAsync(), Now, default)).Value!.Version;

    private async Task<Dictionary<string, StaffRefusal?>> RunAllAsync(
        StaffActor actor, SampleLicense license, Guid computer, Guid request, Invoice invoice)
    {
        StaffAct Act() => new(Guid.NewGuid(), actor, "Ein Grund");
        var day = DateOnly.FromDateTime(Now.UtcDateTime);
        var (half, colleague, clerk, resets) = await PreparePeopleAsync();
        var (product, unpriced, ended, takenBack) = await PrepareSettingsAsync();
        var list = await PrepareListAsync();
        var typed = new TypedLicense
        {
            [ImportField.Product] = product.Id,
            [ImportField.Company] = "Muster GmbH",
            [ImportField.Email] = "inhaber@muster.example",
        };
        var vendor = (await Ground.Use<ShowVendor>().ExecuteAsync(actor, Now, default)).Value!;
        var webhook = await Portal.AddWebhookAsync();
        var taken = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, withDocument: true)).AgreedAsync();
        var merged = (Source: (await (await Portal.AddLicenseAsync()).ReadAsync()).CustomerId,
            Target: (await (await Portal.AddLicenseAsync()).ReadAsync()).CustomerId);
        var seen = (await _cases[0].License.ReadAsync()).OpenFlag(FlagKind.Sighting)!.Computers[0].ActivationId;
        var incident = await PrepareIncidentAsync();
        var told = new WantedWebhook($"https://shop-{webhook:n}.example/hook", EventTypes.Topics);
        return new Dictionary<string, StaffRefusal?>
        {
            [nameof(SaveProduct)] = (await Ground.Use<SaveProduct>()
                .ExecuteAsync(actor, Guid.NewGuid(), product with { Name = "Other" }, basedOn: 1, isNew: false, Now, default)).Refused,
            [nameof(SetPrice)] = (await Ground.Use<SetPrice>().ExecuteAsync(
                actor, Guid.NewGuid(), unpriced, new PriceEntry(new Money(70_00), null, day, "Umzug", "Move"), Now, default)).Refused,
            [nameof(EndPrice)] =
                (await Ground.Use<EndPrice>().ExecuteAsync(actor, Guid.NewGuid(), ended.Target, day, Now, default)).Refused,
            [nameof(TakeBackPrice)] = (await Ground.Use<TakeBackPrice>()
                .ExecuteAsync(actor, Guid.NewGuid(), takenBack.Target, takenBack.Price, Now, default)).Refused,
            [nameof(SetTaxRate)] = (await Ground.Use<SetTaxRate>()
                .ExecuteAsync(actor, Guid.NewGuid(), await TaxesAsync(), 16m, day.AddDays(90), Now, default)).Refused,
            [nameof(TakeBackTaxRate)] = (await Ground.Use<TakeBackTaxRate>()
                .ExecuteAsync(actor, Guid.NewGuid(), await TaxesAsync(), day.AddDays(90), Now, default)).Refused,
            [nameof(SaveMailText)] = (await Ground.Use<SaveMailText>().ExecuteAsync(
                actor, Guid.NewGuid(), new("released", product.Id), new("Nur heute.", null), basedOn: 0, Now, default)).Refused,
            [nameof(StartImport)] = (await Ground.Use<StartImport>()
                .ExecuteAsync(actor, list, alsoUpdate: false, withoutFaulty: false, Now, default)).Refused,
            [nameof(AddLicense)] = (await Ground.Use<AddLicense>().ExecuteAsync(actor, Guid.NewGuid(), typed, Now, default)).Refused,
            [nameof(ReadKeyCard)] = (await Ground.Use<ReadKeyCard>().ExecuteAsync(actor, license.Number, Now, default)).Refused,
            [nameof(WriteImportList)] = await Ground.Use<WriteImportList>()
                .ExecuteAsync(actor, list, ImportList.Faults, "en", () => new MemoryStream(), Now, default),
            [nameof(RequestReset)] = (await Ground.Use<RequestReset>().ExecuteAsync(Act(), clerk, Now, default)).Refused,
            [nameof(ApproveReset)] = (await Ground.Use<ApproveReset>()
                .ExecuteAsync(Act(), resets[0].Person, resets[0].Request, Now, default)).Refused,
            [nameof(DeclineReset)] = (await Ground.Use<DeclineReset>()
                .ExecuteAsync(Act(), resets[1].Person, resets[1].Request, Now, default)).Refused,
            [nameof(InviteStaff)] = (await Ground.Use<InviteStaff>().ExecuteAsync(
                actor, Guid.NewGuid(), new Invitee("Anna", $"{Guid.NewGuid():n}@team.example", StaffRoles.Support), Now, default)).Refused,
            [nameof(SendInvitation)] =
                (await Ground.Use<SendInvitation>().ExecuteAsync(actor, Guid.NewGuid(), half, Now, default)).Refused,
            [nameof(ChangeStaffRole)] = (await Ground.Use<ChangeStaffRole>()
                .ExecuteAsync(actor, Guid.NewGuid(), colleague, StaffRoles.Billing, Now, default)).Refused,
            [nameof(DisableStaff)] = (await Ground.Use<DisableStaff>().ExecuteAsync(actor, Guid.NewGuid(), clerk, Now, default)).Refused,
            [nameof(EnableStaff)] = (await Ground.Use<EnableStaff>().ExecuteAsync(actor, Guid.NewGuid(), clerk, Now, default)).Refused,
            [nameof(RequestExclusion)] =
                (await Ground.Use<RequestExclusion>().ExecuteAsync(Act(), license.Id, computer, Now, default)).Refused,
            [nameof(UnlockAndExclude)] = (await Ground.Use<UnlockAndExclude>().ExecuteAsync(
                Act(), _cases[0].Case, new(FlagCause.SecondPc, FlagPrevention.Exclude, seen), Now, default)).Refused,
            [nameof(RequestIncident)] = (await Ground.Use<RequestIncident>().ExecuteAsync(
                Act(), [_cases[1].Case, _cases[2].Case], FlagCause.OurFault, Now, default)).Refused,
            [nameof(ApproveIncident)] = (await Ground.Use<ApproveIncident>().ExecuteAsync(Act(), incident, Now, default)).Result.Refused,
            [nameof(ApproveExclusion)] =
                (await Ground.Use<ApproveExclusion>().ExecuteAsync(Act(), license.Id, request, Now, default)).Refused,
            [nameof(CancelInvoice)] = (await Ground.Use<CancelInvoice>().ExecuteAsync(Act(), invoice.Id, Now, default)).Refused,
            [nameof(ExportInvoices)] = await Ground.Use<ExportInvoices>()
            .ExecuteAsync(actor, day, day, () => new MemoryStream(), Now, default),
            [nameof(ExportAudit)] =
                (await Ground.Use<ExportAudit>().ExecuteAsync(actor, new(null, null, null, null, null), Now, default)).Refused,
            [nameof(SaveVendor)] = (await Ground.Use<SaveVendor>()
                .ExecuteAsync(actor, Guid.NewGuid(), vendor.Settings, vendor.Version, Now, default)).Refused,
            [nameof(CreateToken)] = (await Ground.Use<CreateToken>().ExecuteAsync(
                actor, Guid.NewGuid(), new WantedToken("Webshop", [ApiScopes.ReadLicenses], null), ApiTokenSecret.New(), Now, default))
                .Refused,
            [nameof(RevokeToken)] = (await Ground.Use<RevokeToken>()
                .ExecuteAsync(actor, Guid.NewGuid(), await TokenAsync(), Now, default)).Refused,
            [nameof(CreateWebhook)] = (await Ground.Use<CreateWebhook>().ExecuteAsync(
                actor, Guid.NewGuid(), new WantedWebhook("https://shop.example/hook", ["license"]), WebhookSecret.New(), Now, default))
                .Refused,
            [nameof(EditWebhook)] = (await Ground.Use<EditWebhook>().ExecuteAsync(
                actor, Guid.NewGuid(), webhook, new WebhookEdit(told, told with { Description = "Webshop" }), Now, default)).Refused,
            [nameof(RotateWebhookSecret)] = (await Ground.Use<RotateWebhookSecret>()
                .ExecuteAsync(actor, Guid.NewGuid(), webhook, WebhookSecret.New(), Now, default)).Refused,
            [nameof(DisableWebhook)] =
                (await Ground.Use<DisableWebhook>().ExecuteAsync(actor, Guid.NewGuid(), webhook, Now, default)).Refused,
            [nameof(EnableWebhook)] =
                (await Ground.Use<EnableWebhook>().ExecuteAsync(actor, Guid.NewGuid(), webhook, Now, default)).Refused,
            [nameof(RemoveWebhook)] =
                (await Ground.Use<RemoveWebhook>().ExecuteAsync(actor, Guid.NewGuid(), webhook, Now, default)).Refused,
            [nameof(ChangeCustomerMail)] = (await Ground.Use<ChangeCustomerMail>()
                .ExecuteAsync(Act(), merged.Source, SampleLicense.Owner, "neu@muster.example", Now, default)).Refused,
            [nameof(CreateCalendarFeed)] =
                (await Ground.Use<CreateCalendarFeed>().ExecuteAsync(actor, Guid.NewGuid(), Now, default)).Refused,
            [nameof(MergeCustomers)] = (await Ground.Use<MergeCustomers>().ExecuteAsync(
                Act(), merged.Source, merged.Target, new Dictionary<Guid, MergedAccess>(), Now, default)).Refused,
            [nameof(ReadOwnerDocument)] = (await Ground.Use<ReadOwnerDocument>()
                .ExecuteAsync(actor, (await taken.ReadAsync()).Reference, Now, default)).Refused,
            [nameof(SettleOwnerChange)] = (await Ground.Use<SettleOwnerChange>()
                .ExecuteAsync(Act(), taken.Id, new OwnerSettlement(null, WaiveFee: false), Now, default)).Refused,
            [nameof(RevokeLicense)] = (await Ground.Use<RevokeLicense>().ExecuteAsync(Act(), license.Id, Now, default)).Refused,
        };
    }
}
