using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Features.Account;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Screens;

/// <summary>
/// Pictures of the pages for the eye, at the widths and in the colors people have: <c>./test.sh --screens</c>. Without the switch the pages
/// are visited all the same and checked for accessibility, in one combination of width, language and color a day.
/// </summary>
[Collection(InSecondChromium.Name)]
public sealed class Pictures(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    /// <summary>As days stand in an address: those before and after today, so that there is something to see.</summary>
    private static string Year
    {
        get
        {
            var today = TimeProvider.System.GetUtcNow();
            return $"from={today.AddDays(-180):yyyy-MM-dd}&to={today.AddDays(180):yyyy-MM-dd}";
        }
    }

    [Theory]
    [InTurn(320, "de-DE", false)]
    [InTurn(390, "de-DE", true)]
    [InTurn(1280, "en-US", false)]
    [InTurn(1280, "de-DE", true)]
    public async Task Public_pages(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var key = await portal.ImportAsync(
            "beamalign", $"L-8{width}{(dark ? 1 : 0)}{(language[0] == 'd' ? 1 : 0)}", seats: 2, "owner@muster-technik.example");
        using var http = portal.Http();
        var one = new LicensedProgram(http, "beamalign", "KUPPEL-LINKS");
        var two = new LicensedProgram(http, "beamalign", "KUPPEL-RECHTS");
        await one.ActivateAsync(key);
        await two.ActivateAsync(key);
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);

        await VisitAsync(page, "/", $"start-{tag}");
        await VisitAsync(page, "/release", $"release-{tag}");
        await page.FillAsync("[name=ActivationKey]", key[..6] + (key[6] == 'A' ? 'B' : 'A') + key[7..]);
        await page.ClickAsync("main form button");
        await KeepAsync(page, $"release-typing-error-{tag}");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await KeepAsync(page, $"confirm-{tag}");
        await page.Locator("[name=Activation]").First.CheckAsync();
        await page.Locator("main form button.button").Last.ClickAsync();
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await KeepAsync(page, $"released-{tag}");
        await VisitAsync(page, two.QrPath, $"qr-{tag}");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await KeepAsync(page, $"qr-released-{tag}");
        await VisitAsync(page, "/D/0000", $"qr-invalid-{tag}");
        await VisitAsync(page, "/loan", $"loan-{tag}");
        await page.ClickAsync("main form button");
        await KeepAsync(page, $"loan-errors-{tag}");
        await VisitAsync(page, "/appointments", $"appointments-{tag}");
        await page.ClickAsync("main form button");
        await KeepAsync(page, $"appointment-details-{tag}");
        await page.FillAsync("[name=Name]", "Erika Muster");
        await page.FillAsync("[name=Email]", $"termin-{tag}@muster-gastro.example");
        await page.FillAsync("[name=Phone]", "030 0000000");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=booked]")).ToBeVisibleAsync();
        await KeepAsync(page, $"appointment-booked-{tag}");
        await VisitAsync(page, "/nowhere", $"not-found-{tag}");
        await VisitAsync(page, "/imprint", $"imprint-{tag}");
        await VisitAsync(page, "/account/sign-in", $"sign-in-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(390, "de-DE", false)]
    [InTurn(390, "en-US", true)]
    [InTurn(1280, "de-DE", true)]
    public async Task Accounts(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var person = await Person.CreateAsync(portal, $"konto-{tag}@muster-gastro.example");
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        await VirtualAuthenticator.PlugInAsync(page);
        await VisitAsync(page, await StaffDesk.LinkAsync(portal, $"set-up-{tag}@example.org"), $"set-up-{tag}");
        await page.GotoAsync("/account/sign-in");
        await page.ClickAsync("[data-passkey] button");
        await Expect(page.Locator("[data-passkey] [role=alert]:not(:empty)")).ToBeVisibleAsync();
        await KeepAsync(page, $"sign-in-no-passkey-{tag}");
        await page.FillAsync("[name=Email]", person.Email);
        await page.FillAsync("[name=Password]", Person.Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/my");
        await VisitAsync(page, "/account", $"account-new-{tag}");
        await VisitAsync(page, "/account/name", $"account-name-{tag}");
        await VisitAsync(page, "/account/passkeys/new", $"passkey-new-{tag}");
        await page.FillAsync("[name=Name]", language[0] == 'd' ? "Laptop im Büro" : "Laptop at work");
        await VirtualAuthenticator.PressAsync(page, "passkey-added");
        await portal.Portal.Services.GetRequiredService<UserSessions>()
            .BeginAsync(person.Id, SignInStrength.Passkey, TimeProvider.System.GetUtcNow());
        await page.GotoAsync("/account?done=passkey-added");
        await KeepAsync(page, $"account-customer-{tag}");
        await page.Locator(".entry a").First.ClickAsync();
        await KeepAsync(page, $"passkey-{tag}");
        await page.FillAsync("[name=Name]", "");
        await page.ClickAsync("main form button");
        await KeepAsync(page, $"passkey-refused-{tag}");
        await VisitAsync(page, "/account/step-up", $"step-up-{tag}");
        await VisitAsync(page, "/account/app", $"app-{tag}");
        var seed = await page.InnerTextAsync("#manual-key");
        await page.FillAsync("[name=Code]", Authenticator.Code(seed, TimeProvider.System.GetUtcNow()));
        await page.ClickAsync("main form button[type=submit]");
        await Expect(page.Locator("[data-outcome=app-added]")).ToBeVisibleAsync();
        await KeepAsync(page, $"app-added-{tag}");
        await VisitAsync(page, "/account/app", $"app-on-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(320, "de-DE", false, "renewal")]
    [InTurn(390, "de-DE", true, "fee")]
    [InTurn(1280, "de-DE", false, "fee")]
    [InTurn(1280, "en-US", true, "renewal")]
    public async Task The_dead_till(int width, string language, bool dark, string remedy)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        using var http = portal.Http();
        var walk = new TransferWalk(portal, page, $"{width}{(dark ? 3 : 2)}", name => KeepAsync(page, $"{name}-{tag}"));
        await walk.ActivateTillsAsync(http);
        await walk.OrderAsync(http, remedy);
        await walk.ConfirmAsync();
        await walk.SeeStatusAsync();
        await VisitAsync(page, "/transfer?still=yes-online", $"transfer-use-release-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(320, "de-DE", false)]
    [InTurn(390, "de-DE", false)]
    [InTurn(390, "en-US", true)]
    [InTurn(1280, "de-DE", false)]
    [InTurn(1280, "de-DE", true)]
    public async Task Activation_without_internet(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var key = await portal.ImportAsync("beamalign", $"L-6{width}{(dark ? 1 : 0)}", seats: 2, "owner@muster-technik.example");
        using var http = portal.Http();
        await new LicensedProgram(http, "beamalign", "KUPPEL-LINKS").ActivateAsync(key);
        await new LicensedProgram(http, "beamalign", "KUPPEL-RECHTS").ActivateAsync(key);
        var offline = new LicensedProgram(http, "beamalign", "VORFÜHRRAUM-3");
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);

        await VisitAsync(page, "/activate", $"activate-{tag}");
        await page.FillAsync("[name=HardwareCode]", "H1011-2BATA-Y9533-CFAZS-Z42Y5-DQQ30-1MTZN");
        await page.FillAsync("[name=ActivationKey]", key[..6] + (key[6] == 'A' ? 'B' : 'A') + key[7..]);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=typing-error]")).ToBeVisibleAsync();
        await KeepAsync(page, $"activate-typing-error-{tag}");
        await page.SetInputFilesAsync("[name=RequestFile]",
            new FilePayload { Name = "VORFUEHRRAUM-3.lshreq", MimeType = "text/plain", Buffer = offline.RequestFile });
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=too-many-activations]")).ToBeVisibleAsync();
        await KeepAsync(page, $"activate-full-{tag}");
        await page.ClickAsync("main form button");
        await page.Locator("[name=Activation]").First.CheckAsync();
        await page.Locator("main form button.button").Last.ClickAsync();
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await KeepAsync(page, $"activate-released-{tag}");
        await page.Locator("main a[href^='/activate/']").ClickAsync();
        await Expect(page.Locator("[data-outcome=ready]")).ToBeVisibleAsync();
        await KeepAsync(page, $"activate-ready-{tag}");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=activated]")).ToBeVisibleAsync();
        await KeepAsync(page, $"activated-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(390, "de-DE", false)]
    [InTurn(390, "en-US", true)]
    [InTurn(1280, "de-DE", false)]
    [InTurn(1280, "en-US", true)]
    public async Task A_case_and_a_license_for_their_owner(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var number = $"L-5{width}{(dark ? 1 : 0)}";
        using var http = portal.Http();
        var shared = await new SharedLicense(portal, http, number, "inhaber@muster-kiosk.example").UseAsync(days: 3);
        var mail = await portal.MailAsync("locked", shared.CaseNumber);
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);

        await VisitAsync(page, mail.Substring(mail.IndexOf("/flag/", StringComparison.Ordinal), 49), $"flag-{tag}");
        await page.ClickAsync("button[value=answer]");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await KeepAsync(page, $"flag-error-{tag}");
        await page.CheckAsync("[name=Explanation][value=only-booted]");
        await page.FillAsync("[name=Message]", "Wir haben die alten Buchungen gesichert.");
        await page.ClickAsync("button[value=answer]");
        await Expect(page.Locator("[data-outcome=answered]")).ToBeVisibleAsync();
        await page.CheckAsync("[name=Confirmed]");
        await page.ClickAsync("button[value=emergency]");
        await Expect(page.Locator("[data-outcome=emergency-code]")).ToBeVisibleAsync();
        await KeepAsync(page, $"flag-answered-{tag}");
        await VisitAsync(page, "/license", $"license-key-{tag}");
        await page.FillAsync("[name=ActivationKey]", shared.Key);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=license]")).ToBeVisibleAsync();
        await KeepAsync(page, $"license-locked-{tag}");
        var till = new LicensedProgram(http, "muster-pos", "KASSE-1");
        var key = await portal.ImportAsync("muster-pos", $"{number}9", seats: 2, "inhaber@muster-kiosk.example");
        await till.ActivateAsync(key);
        await page.GotoAsync("/license");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=license]")).ToBeVisibleAsync();
        await KeepAsync(page, $"license-{tag}");
        await page.ClickAsync("main a[href^='/hardware/']");
        await Expect(page.Locator("[data-outcome=record]")).ToBeVisibleAsync();
        await KeepAsync(page, $"hardware-record-{tag}");
        await page.FillAsync("[name=NewCode]", till.Hardware.ToString());
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=nothing-to-do]")).ToBeVisibleAsync();
        await KeepAsync(page, $"hardware-nothing-{tag}");
        await VisitAsync(page, "/hardware", $"hardware-{tag}");
        await VisitAsync(page, "/move?product=muster-pos&done=install&country=DE&backup=yes&item=efr-tse", $"move-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(390, "de-DE", false)]
    [InTurn(390, "en-US", true)]
    [InTurn(1280, "de-DE", true)]
    [InTurn(1280, "en-US", false)]
    public async Task Signed_in_customers(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var number = $"L-92{width}{(dark ? 1 : 0)}";
        var email = $"person-{tag}@muster-technik.example";
        var key = await portal.ImportAsync("beamalign", number, seats: 3, $"owner-{number}@muster-technik.example");
        using var http = portal.Http();
        var old = new LicensedProgram(http, "beamalign", "PROJEKTOR-ALT");
        await old.ActivateAsync(key);
        await old.ReleaseAsync();
        await new LicensedProgram(http, "beamalign", "KUPPEL-LINKS").ActivateAsync(key);
        await new LicensedProgram(http, "beamalign", "KUPPEL-RECHTS").ActivateAsync(key);
        await portal.IssueAsync(await CustomerPerson.CreateAsync(portal, number, email));
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);

        await CustomerPerson.SignInAsync(page, email);
        await KeepAsync(page, $"my-{tag}");
        await VisitAsync(page, $"/my/licenses/{number}", $"my-license-{tag}");
        await page.Locator("main a[href$='/name']").First.ClickAsync();
        await page.FillAsync("[name=OwnName]", new string('x', 60));
        await page.ClickAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await KeepAsync(page, $"my-name-error-{tag}");
        await page.GotoAsync($"/my/licenses/{number}");
        await page.Locator("main a[href$='/release']").First.ClickAsync();
        await Expect(page.Locator("[data-outcome=confirm]")).ToBeVisibleAsync();
        await KeepAsync(page, $"my-release-{tag}");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await KeepAsync(page, $"my-released-{tag}");
        await page.GotoAsync($"/my/licenses/{number}");
        await page.Locator("main a[href$='/release']").First.ClickAsync();
        await page.CheckAsync("[name=GoesOn]");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=leaving]")).ToBeVisibleAsync();
        await KeepAsync(page, $"my-leaving-{tag}");
        await VisitAsync(page, "/my/invoices", $"my-invoices-{tag}");
        await page.Locator(".license-card summary").First.ClickAsync();
        await KeepAsync(page, $"my-invoices-pay-{tag}");
        await VisitAsync(page, "/my/transfers", $"my-transfers-{tag}");
        await VisitAsync(page, "/my/details", $"my-details-{tag}");
        await VisitAsync(page, "/my/settings", $"my-settings-{tag}");
        await VisitAsync(page, "/my/licenses/L-0", $"my-missing-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(390, "de-DE", true)]
    [InTurn(390, "en-US", false)]
    [InTurn(1280, "de-DE", false)]
    [InTurn(1920, "en-US", true)]
    public async Task Staff_pages(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var number = $"L-7{width}{(dark ? 1 : 0)}";
        var key = await portal.ImportAsync("beamalign", number, seats: 1, "owner@muster-technik.example");
        using var http = portal.Http();
        var old = new LicensedProgram(http, "beamalign", "PROJEKTOR-ALT");
        await old.ActivateAsync(key);
        await old.ReleaseAsync();
        await new LicensedProgram(http, "beamalign", "PROJEKTOR-NEU").ActivateAsync(key);
        var caseNumber = (await old.CheckInAsync()).GetProperty("caseNumber").GetString();

        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        await StaffDesk.SignInAsync(page, portal, $"pictures-{tag}@example.org");
        await KeepAsync(page, $"staff-desk-{tag}");
        await VisitAsync(page, $"/staff/flags/{caseNumber}", $"staff-flag-{tag}");
        await page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("UnlockLicense.Button", language), Exact = true }).ClickAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".act-form .error")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-unlock-{tag}");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".act-form").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await StaffDesk.ActAsync(
            page, StaffDesk.Text("UnlockLicense.Button", language), "Der alte PC wurde nur kurz eingeschaltet.", "repairedpc");
        await KeepAsync(page, $"staff-flag-resolved-{tag}");
        await VisitAsync(page, "/staff/licenses?q=Muster", $"staff-licenses-{tag}");
        await VisitAsync(page, $"/staff/licenses/{number}", $"staff-license-{tag}");
        await page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("GrantRelease.Button", language), Exact = true }).ClickAsync();
        await Expect(page.Locator("#act-until")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-grant-{tag}");
        await page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("Cancel", language) }).ClickAsync();
        await page.Locator("tbody .link-danger").First.ClickAsync();
        await page.Locator("#act-reason").FillAsync("Gestohlen, Anzeige liegt vor.");
        await page.Locator("#act-reason").BlurAsync();
        await KeepAsync(page, $"staff-exclusion-{tag}");
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=exclusion-requested]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-exclusion-wanted-{tag}");
        await CustomersAsync(page, tag, language);
        await VisitAsync(page, "/staff", $"staff-desk-exclusion-{tag}");
        await VisitAsync(page, "/staff/audit", $"staff-audit-{tag}");
        await VisitAsync(page, "/staff/setup", $"staff-setup-{tag}");
        await VisitAsync(page, "/staff/setup/vendor", $"staff-vendor-{tag}");
        await VisitAsync(page, "/staff/setup/taxes", $"staff-taxes-{tag}");
        await VisitAsync(page, "/staff/setup/mails", $"staff-mail-texts-{tag}");
        await VisitAsync(page, "/staff/setup/mails/released", $"staff-mail-text-{tag}");
        await VisitAsync(page, "/staff/setup/configuration", $"staff-configuration-{tag}");
        await VisitAsync(page, "/staff/setup/products", $"staff-products-{tag}");
        await VisitAsync(page, "/staff/setup/products/muster-pos", $"staff-product-{tag}");
        await VisitAsync(page, "/staff/setup/products/new", $"staff-product-new-{tag}");
        await VisitAsync(page, "/staff/setup/import", $"staff-import-{tag}");
        await ImportAsync(page, tag);
        await VisitAsync(page, "/staff/licenses/new", $"staff-license-new-{tag}");
        await VisitAsync(page, "/staff/setup/people", $"staff-people-{tag}");
        await VisitAsync(page, "/staff/setup/api", $"staff-api-{tag}");
        await page.Locator("main p > button.button").ClickAsync();
        await page.Locator("#token-name").FillAsync("Webshop");
        await page.Locator("input[value='licenses:write']").CheckAsync();
        await KeepAsync(page, $"staff-api-dialog-{tag}");
        await page.Locator(".act-form [type=submit]").ClickAsync();
        await Expect(page.Locator("#token-secret")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-api-made-{tag}");
        await VisitAsync(page, "/staff/setup/webhooks", $"staff-webhooks-{tag}");
        await page.Locator("main p > button.button").First.ClickAsync();
        await page.Locator("#webhook-url").FillAsync("https://shop.example/portal");
        await page.Locator("input[value='license']").CheckAsync();
        await KeepAsync(page, $"staff-webhooks-dialog-{tag}");
        await page.Locator(".act-form [type=submit]").ClickAsync();
        await Expect(page.Locator("#webhook-secret")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-webhooks-made-{tag}");
        await VisitAsync(page, "/account", $"account-{tag}");
        await page.GotoAsync("/staff");
        var menu = page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("Menu", language) });
        await Expect(page.Locator("[data-outcome=desk]")).ToBeVisibleAsync();
        if (await menu.IsVisibleAsync())
        {
            await menu.ClickAsync();
            await KeepAsync(page, $"staff-menu-{tag}");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("SignOut", language) }).ClickAsync();
        await Expect(page.Locator("[data-outcome=signed-out]")).ToBeVisibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(390, "de-DE", false)]
    [InTurn(390, "de-DE", true)]
    [InTurn(1280, "en-US", false)]
    [InTurn(1280, "de-DE", true)]
    public async Task Search_and_figures(int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var key = await portal.ImportAsync(
            "beamalign", $"L-6{width}{(dark ? 1 : 0)}{(language[0] == 'd' ? 1 : 0)}", seats: 1, "owner@muster-technik.example");
        using var http = portal.Http();
        var old = new LicensedProgram(http, "beamalign", "PROJEKTOR-ALT");
        await old.ActivateAsync(key);
        await old.ReleaseAsync();
        await new LicensedProgram(http, "beamalign", "PROJEKTOR-NEU").ActivateAsync(key);
        await old.CheckInAsync();
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        await StaffDesk.SignInAsync(page, portal, $"finds-{tag}@example.org", StaffRoles.Support);
        foreach (var (path, outcome, name) in ((string, string, string)[])
        [
            ("/staff/search", "search", "search"), ("/staff/search?q=muster", "search", "search-muster"),
            ("/staff/search?q=projektor", "search", "search-pc"), ("/staff/search?q=gibt%20es%20nicht", "search", "search-nothing"),
            ("/staff/reports/cases?show=open", "cases", "figures-cases"), ("/staff/reports/releases", "releases", "figures-releases"),
            ($"/staff/transfers?show=all&remedy=fee&{Year}", "transfers", "transfers-of-days"),
            ($"/staff/mails?show=all&{Year}", "mails", "mails-of-days"), ($"/staff/invoices?{Year}", "invoices", "invoices-of-days"),
            ($"/staff/appointments?state=booked&{Year}", "appointments", "appointments-of-days"),
            ("/staff/reports", "figures", "figures"), ("/staff/reports?days=90", "figures", "figures-90"),
        ])
        {
            await page.GotoAsync(path);
            await Expect(page.Locator($"[data-outcome={outcome}]")).ToBeVisibleAsync();
            await KeepAsync(page, $"staff-{name}-{tag}");
        }

        await page.Locator("details summary").First.ClickAsync();
        await KeepAsync(page, $"staff-figures-table-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    private async Task CustomersAsync(IPage page, string tag, string language)
    {
        await VisitAsync(page, "/staff/customers?q=Muster", $"staff-customers-{tag}");
        var numbers = await page.Locator("tbody th a").AllInnerTextsAsync();
        await VisitAsync(page, $"/staff/customers/{numbers[0]}", $"staff-customer-{tag}");
        await page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("ChangeCustomerMail.Button", language) }).ClickAsync();
        await page.Locator("#new-mail").FillAsync("neu@muster-technik.example");
        await KeepAsync(page, $"staff-customer-mail-{tag}");
        await page.GetByRole(AriaRole.Button, new() { Name = StaffDesk.Text("Cancel", language) }).ClickAsync();
        await VisitAsync(page, $"/staff/customers/{numbers[0]}/edit", $"staff-customer-edit-{tag}");
        await VisitAsync(page, "/staff/customers/new", $"staff-customer-new-{tag}");
        await page.ClickAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-customer-new-error-{tag}");
        await VisitAsync(page, $"/staff/customers/{numbers[0]}/merge", $"staff-merge-choice-{tag}");
        await VisitAsync(page, $"/staff/customers/{numbers[0]}/merge/{numbers[1]}", $"staff-merge-{tag}");
    }

    [Theory]
    [InTurn(390, true, "de-DE")]
    [InTurn(1280, false, "de-DE")]
    [InTurn(1280, false, "en-US")]
    public async Task Transfers_for_staff(int width, bool dark, string language)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-{language[..2]}{(dark ? "-dark" : "")}";
        var reference = await portal.OrderAsync($"{width}{(dark ? 1 : 0)}{(language[0] == 'd' ? 1 : 0)}");
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        await StaffDesk.SignInAsync(page, portal, $"transfers{tag}@example.org");

        await VisitAsync(page, "/staff/appointments", $"staff-appointments-{tag}");
        await VisitAsync(page, "/staff/appointments/new", $"staff-appointment-new-{tag}");
        await VisitAsync(page, "/staff/transfers", $"staff-transfers-{tag}");
        await VisitAsync(page, "/staff/transfers?show=payment", $"staff-transfers-none-{tag}");
        await VisitAsync(page, "/staff/transfers/new", $"staff-transfer-new-{tag}");
        await VisitAsync(page, $"/staff/transfers/{reference}", $"staff-transfer-{tag}");
        await page.Locator("main tbody button").Last.ClickAsync();
        await Expect(page.Locator("#id-number")).ToBeVisibleAsync();
        await page.Locator(".act-form > button[type=button]").ClickAsync();
        await Expect(page.Locator(".act-form .error")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-transfer-identify-{tag}");
        await page.Locator(".act-form button").Last.ClickAsync();
        await page.Locator(".act-form").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator(".identity-act button").First.ClickAsync();
        await Expect(page.Locator("#act-reason")).ToBeVisibleAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".act-form [role=alert]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-transfer-refused-{tag}");
        await page.Locator(".act-form button").Last.ClickAsync();
        await page.Locator(".act-form").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await StaffDesk.ActAsync(page, StaffDesk.Text("AskCustomer.Button", language), "Welche Kasse ist die zweite?");
        await KeepAsync(page, $"staff-transfer-asked-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(390, false)]
    [InTurn(390, true)]
    [InTurn(1280, false)]
    [InTurn(1280, true)]
    public async Task Invoices_for_staff(int width, bool dark)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}-de{(dark ? "-dark" : "")}";
        var open = await portal.IssueAsync();
        var number = await portal.IssueAsync();
        var page = await people.OpenAsync(portal.Address, width, dark: dark);
        await StaffDesk.SignInAsync(page, portal, $"invoices{width}{(dark ? "d" : "")}@example.org");

        await VisitAsync(page, "/staff/invoices", $"staff-invoices-{tag}");
        await VisitAsync(page, "/staff/invoices?show=cancellations", $"staff-invoices-none-{tag}");
        await VisitAsync(page, $"/staff/invoices/{number}", $"staff-invoice-{tag}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Zahlung eintragen", Exact = true }).ClickAsync();
        await Expect(page.Locator("#act-reason")).ToBeVisibleAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".act-form .error")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-payment-{tag}");
        await page.Locator("#act-reason").FillAsync("Kontoauszug 47");
        await page.Locator("#act-reason").BlurAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=payment-recorded]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-invoice-paid-{tag}");

        var today = TimeProvider.System.GetUtcNow();
        await page.GotoAsync("/staff/invoices/bank");
        await StaffDesk.ChooseFileAsync(page, "#bank-file", new FilePayload
        {
            Name = "auszug.csv",
            MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes($"""
                Buchungstag;Verwendungszweck;Zahlungspflichtiger;Betrag;Währung
                {today:dd.MM.yyyy};Rechnung {open};Muster Gastro GmbH;83,30;EUR
                {today:dd.MM.yyyy};Rechnung {number};Muster Gastro GmbH;50,00;EUR
                {today:dd.MM.yyyy};Miete Dezember;Muster Haus KG;-1.200,00;EUR
                """),
        });
        await Expect(page.Locator("[data-outcome=proposed]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-bank-{tag}");
        await page.Locator(".actions button").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=recorded]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-bank-recorded-{tag}");
        await VisitAsync(page, $"/staff/invoices/{open}", $"staff-invoice-undo-{tag}");
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_with_a_fault_is_found_out()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 390);
        await page.GotoAsync("/release");
        await page.ShouldBeAccessibleAsync();

        await page.EvaluateAsync("document.querySelector('main').append(document.createElement('textarea'))");
        (await Record.ExceptionAsync(page.ShouldBeAccessibleAsync)).ShouldNotBeNull().Message.ShouldContain("label: textarea");
    }

    /// <summary>Checks the page as it stands in the color of its width; for the eye in both colors, which are kept.</summary>
    internal static async Task LookAsync(IPage page, string name, int width)
    {
        ColorScheme[] colors = Screenshots.Folder is not null ? [ColorScheme.Light, ColorScheme.Dark]
            : [width < 600 ? ColorScheme.Light : ColorScheme.Dark];
        foreach (var color in colors)
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = color });
            await page.ShouldBeAccessibleAsync();
            if (Screenshots.Folder is not null)
            {
                await page.ScreenshotAsync(
                    new PageScreenshotOptions { Path = Path.Combine(Screenshots.Folder, $"{name}-{width}-{color}.png"), FullPage = true });
            }
        }
    }

    /// <summary>A list with something of each kind: new, faulty, a column without a meaning.</summary>
    private static async Task ImportAsync(IPage page, string tag)
    {
        await StaffDesk.ChooseFileAsync(page, "#import-file", new FilePayload
        {
            Name = "Kundenliste.csv",
            MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes(
                "Produkt;Lizenz-Nr.;Firma;E-Mail;PLZ;Ort;gültig bis;Farbe;\n"
                + $"muster-pos;L-70{tag.ToUpperInvariant()}1;Muster Gastronomie und Catering Verwaltungs GmbH & Co. KG;"
                + "inhaber@muster-gastro.example;01067;Dresden;31.12.2027;rot;\n"
                + $"muster-pos;L-70{tag.ToUpperInvariant()}2;Beispiel GmbH;keine Adresse;1067;Dresden;31.02.2027;blau;\n"),
        });
        await Expect(page.Locator("[data-outcome=import-uploaded]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-import-columns-{tag}");
        await page.Locator("#import-check").ClickAsync();
        await Expect(page.Locator("[data-outcome=import-checked] [role=status][data-outcome=checked]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-import-checked-{tag}");
        await page.Locator("#without-faulty").CheckAsync();
        await page.Locator("#import-start").ClickAsync();
        await Expect(page.Locator("[data-outcome=import-done] [role=status][data-outcome=imported]")).ToBeVisibleAsync();
        await KeepAsync(page, $"staff-import-done-{tag}");
    }

    private static async Task VisitAsync(IPage page, string path, string name)
    {
        await page.GotoAsync(path);
        await page.Locator("h1").First.WaitForAsync();
        await KeepAsync(page, name);
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        if (Screenshots.Folder is not null)
        {
            await page.SettleAsync();
            await page.ScreenshotAsync(
                new PageScreenshotOptions { Path = Path.Combine(Screenshots.Folder, $"{name}.png"), FullPage = true });
        }

        await page.ShouldBeAccessibleAsync();
    }
}
