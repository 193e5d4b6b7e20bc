using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Administrators say who runs the portal, and every node says it from then on.</summary>
public sealed class VendorDataTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    private VendorOptions Here => ground.Use<IOptions<VendorOptions>>().Value;

    [Fact]
    public async Task What_is_saved_holds_at_once_on_this_node_and_soon_on_the_others()
    {
        await using var other = await SecondNode.StartAsync(Portal);
        var there = other.Services.GetRequiredService<IOptions<VendorOptions>>();
        _ = ground.Use<VendorInvoicing>().Complaints;

        (await SaveAsync(s => s with
        {
            Name = "Beispiel GmbH",
            Phone = "+49 30 123456",
            PhoneHoursDe = "Mo–Fr 8–17 Uhr",
            Street = "Haus B\nBeispielweg 2",
            PostalCode = "10115",
            City = "Berlin",
            Iban = null,
            PaymentDays = 30,
            Accent = new() { Light = "#6b0e5a" },
        })).ShouldBe(StaffResult.Done);

        Here.ShouldSatisfyAllConditions(
            v => v.Name.ShouldBe("Beispiel GmbH"), v => v.PaymentDays.ShouldBe(30), v => v.TimeZone.ShouldBe("Europe/Berlin"),
            v => v.Address.ShouldBe(["Haus B", "Beispielweg 2", "10115 Berlin"]));
        ground.Use<VendorInvoicing>().Complaints.ShouldContain(c => c.Word == "Iban");
        using var client = Portal.CreateClient();
        var page = await client.GetStringAsync("/imprint");
        page.ShouldContain("Beispiel GmbH");
        WebUtility.HtmlDecode(page).ShouldContain("+49 30 123456</a> (Mo–Fr 8–17 Uhr)");
        (await client.GetStringAsync("/vendor.css")).ShouldContain("--accent: #6b0e5a;");
        (await client.GetStringAsync("/theme.css")).ShouldMatch(@"107,\s*14,\s*90|#6b0e5a");
        await Eventually.BecomesTrueAsync(() => there.Value.Name == "Beispiel GmbH" && there.Value.PaymentDays == 30);

        // A node that starts later knows it from the beginning.
        await using var late = await SecondNode.StartAsync(Portal);
        late.Services.GetRequiredService<IOptions<VendorOptions>>().Value.Name.ShouldBe("Beispiel GmbH");
    }

    [Fact]
    public async Task What_the_configuration_gives_wins_and_what_is_empty_there_does_not()
    {
        await using var node = new PortalFactory();
        node.Configuration["Vendor:Name"] = "Datei GmbH";
        node.Configuration["Vendor:Address:0"] = "Dateiweg 1";
        node.Configuration["Vendor:Address:1"] = "10117 Berlin";
        node.Configuration["Vendor:Accent:Dark"] = "#9bd9e6";
        node.Configuration["Vendor:SmallBusiness"] = "true";
        node.Configuration["Vendor:PortalName"] = "";
        node.Configuration["Vendor:Bic"] = "";
        await node.InitializeAsync();
        var administrator = await StaffUser.CreateAsync(node, StaffRoles.Administrator);
        var actor = await administrator.ActorAsync();
        var shown = (await node.Services.GetRequiredService<ShowVendor>().ExecuteAsync(actor, node.Clock.Now, default)).Value
            .ShouldNotBeNull();

        shown.InFile.Order(StringComparer.Ordinal).ShouldBe(
            ["vendor.accent.dark", "vendor.city", "vendor.name", "vendor.postalCode", "vendor.smallBusiness", "vendor.street"]);
        (shown.Settings.Name, shown.Settings.PostalCode, shown.Version).ShouldBe(("Datei GmbH", "10117", 0));
        (await node.Services.GetRequiredService<SaveVendor>().ExecuteAsync(
            actor, Guid.NewGuid(), shown.Settings with
            {
                Name = "Andere GmbH",
                City = "Hamburg",
                SmallBusiness = false,
                PortalName = "Lizenzen",
                Phone = "+49 40 654321",
                Accent = new() { Light = "#6b0e5a", Dark = "#ffffff" },
            }, 0, node.Clock.Now, default)).ShouldBe(StaffResult.Done);

        node.Services.GetRequiredService<IOptions<VendorOptions>>().Value.ShouldSatisfyAllConditions(
            v => (v.Name, v.SmallBusiness, v.PortalName, v.Phone).ShouldBe(("Datei GmbH", true, "Lizenzen", "+49 40 654321")),
            v => v.Address.ShouldBe(["Dateiweg 1", "10117 Berlin"]),
            v => (v.Accent!.Light, v.Accent.Dark).ShouldBe(("#6b0e5a", "#9bd9e6")));
        await using var db = node.Open();
        VendorSettings.Read((await SettingHistory.FindLatestAsync(db, SettingKind.Vendor, "", default))!.Content).Name
            .ShouldBe("Datei GmbH", "so that the line may be taken out of the file");
    }

    [Fact]
    public async Task Saving_what_holds_keeps_it_and_saving_it_again_changes_nothing()
    {
        await using var node = new PortalFactory();
        await node.InitializeAsync();
        var administrator = await StaffUser.CreateAsync(node, StaffRoles.Administrator);
        var actor = await administrator.ActorAsync();
        var (show, save) = (node.Services.GetRequiredService<ShowVendor>(), node.Services.GetRequiredService<SaveVendor>());
        var now = node.Clock.Now;

        var shown = (await show.ExecuteAsync(actor, now, default)).Value!;
        (await save.ExecuteAsync(actor, Guid.NewGuid(), shown.Settings, 0, now, default)).ShouldBe(StaffResult.Done);
        (await save.ExecuteAsync(actor, Guid.NewGuid(), shown.Settings, 1, now, default)).ShouldBe(StaffResult.Done);

        var history = (await show.ExecuteAsync(actor, now, default)).Value!.History;
        history.ShouldHaveSingleItem().By.ShouldBe(administrator.Id);
        node.Services.GetRequiredService<IOptions<VendorOptions>>().Value.Accent
            .ShouldBeNull("the portal's own colors need no style sheet");
    }

    public static TheoryData<string, string, string, string> Rules() => new()
    {
        { "vendor.name", "", "wer das Portal betreibt", "who runs the portal" },
        { "vendor.phone", "", "Geben Sie die Nummer ein", "Enter the number" },
        { "vendor.supportMail", "", "Geben Sie eine E-Mail-Adresse ein", "Enter an e-mail address" },
        { "vendor.supportMail", "nobody", "„nobody“ ist keine E-Mail-Adresse", "“nobody” is not an e-mail address" },
        { "vendor.securityContact", "http://example.org/security", "https-Adresse", "an https address" },
        { "vendor.country", "Germany", "zwei Buchstaben", "two letters" },
        { "vendor.country", "XX", "ist kein Land", "is not a country" },
        { "vendor.remoteSupportUrl", "javascript:alert(1)", "keine https-Adresse", "not an https address" },
        { "vendor.accent.light", "#7fb0ba", "einen Kontrast von", "a contrast of" },
        { "vendor.accent.lightStrong", "red;} body{display:none", "keine Farbe", "not a color" },
        { "vendor.accent.dark", "#0e5a6b", "sind 4,5 nötig", "4.5 is needed" },
        { "vendor.accent.darkStrong", "", "keine Farbe", "not a color" },
        { "vendor.street", "", "Straße und Hausnummer", "street and number" },
        { "vendor.city", "", "den Ort", "the city" },
        { "vendor.vatId", "DE136695975", "keine USt-IdNr.", "not a VAT number" },
        { "vendor.billingMail", "nobody", "keine E-Mail-Adresse", "not an e-mail address" },
        { "vendor.contactMail", "nobody", "keine E-Mail-Adresse", "not an e-mail address" },
        { "vendor.iban", "DE02120300000000202052", "Prüfziffern", "check digits" },
        { "vendor.bic", "BERLIN", "8 oder 11", "8 or 11" },
        { "vendor.paymentDays", "91", "0 bis 90", "0 to 90" },
        { "vendor.register", new string('x', 301), "Höchstens 300 Zeichen", "At most 300 characters" },
        { "vendor.contactName", "Lizenz\aTeam", "kein Text", "not text" },
        { "vendor.representedBy", "Erika\nMax", "kein Text", "not text" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Each_rule_refuses_with_its_field_and_a_sentence_in_both_languages(
        string path, string typed, string german, string english)
    {
        var version = (await ShowAsync()).Version;
        var saved = await SaveAsync(s =>
        {
            var form = SettingForm.For(new VendorForm(s));
            if (path == "vendor.paymentDays")
            {
                form.SetNumber(path, typed);
            }
            else
            {
                form.SetText(path, typed);
            }

            return form.Read<VendorForm>().ShouldNotBeNull().Vendor;
        });

        saved.Refused.ShouldBe(StaffRefusal.SettingInvalid);
        var broken = saved.Broken.ShouldNotBeNull().ShouldHaveSingleItem();
        broken.Id.ShouldBe(path);
        broken.German.ShouldContain(german);
        broken.English.ShouldContain(english);
        (await ShowAsync()).Version.ShouldBe(version);
    }

    [Fact]
    public async Task Of_two_who_change_the_same_version_the_second_is_refused()
    {
        var version = (await ShowAsync()).Version;
        (await SaveAsync(s => s with { ContactName = "Frau Muster" }, basedOn: version)).ShouldBe(StaffResult.Done);

        (await SaveAsync(s => s with { ContactName = "Herr Muster" }, basedOn: version)).Refused.ShouldBe(StaffRefusal.SettingChanged);

        Here.ContactName.ShouldBe("Frau Muster");
    }

    [Fact]
    public async Task Sent_again_it_is_done_once()
    {
        var (actor, command, shown) = (await ground.Administrator.ActorAsync(), Guid.NewGuid(), await ShowAsync());
        var wanted = shown.Settings with { ContactName = "Team Doppelklick" };

        for (var sent = 1; sent <= 2; sent++)
        {
            (await ground.Use<SaveVendor>().ExecuteAsync(actor, command, wanted, shown.Version, Now, default)).ShouldBe(StaffResult.Done);
        }

        var history = (await ShowAsync()).History;
        history.Count(line => line.Content.Contains("Team Doppelklick", StringComparison.Ordinal)).ShouldBe(1);
        history[0].Changes.ShouldContain(c => c.Path == "contactName" && c.After == "Team Doppelklick");
    }

    [Fact]
    public async Task Nobody_but_administrators_sees_or_changes_it()
    {
        foreach (var person in new[] { ground.Clerk, ground.Accountant })
        {
            (await ground.Use<ShowVendor>().ExecuteAsync(await person.ActorAsync(), Now, default)).Refused
                .ShouldBe(StaffRefusal.NotPermitted);
            (await SaveAsync(s => s with { Name = "Fremde GmbH" }, by: person)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        }

        Here.Name.ShouldNotBe("Fremde GmbH");
    }

    private async Task<VendorView> ShowAsync() =>
        (await ground.Use<ShowVendor>().ExecuteAsync(await ground.Administrator.ActorAsync(), Now, default)).Value.ShouldNotBeNull();

    private async Task<StaffResult> SaveAsync(Func<VendorSettings, VendorSettings> change, StaffUser? by = null, int? basedOn = null)
    {
        var shown = await ShowAsync();
        var actor = await (by ?? ground.Administrator).ActorAsync();
        return await ground.Use<SaveVendor>().ExecuteAsync(
            actor, Guid.NewGuid(), change(shown.Settings), basedOn ?? shown.Version, Now, default);
    }
}
