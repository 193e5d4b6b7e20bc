using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Settings;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>What owners change about their customer, and everybody about the own pages and mails.</summary>
public sealed class MySettingsTests(MyPortal my) : IClassFixture<MyPortal>
{
    private readonly PortalFactory _portal = my.Portal;

    [Theory]
    [InlineData("de", "gilt nur für künftige Lizenzen und Rechnungen", "Geben Sie Straße und Hausnummer ein")]
    [InlineData("en", "apply to future licenses and invoices only", "Enter street and number")]
    public async Task An_owner_changes_the_details_and_the_address_on_file_hears_of_it(string language, string future, string noStreet)
    {
        var sample = await _portal.AddLicenseAsync();
        var owner = await CustomerUser.CreateAsync(sample);
        using var browser = await owner.SignInAsync(language);
        await browser.GetAsync("/my/details");
        browser.Words.ShouldContain(future);
        await browser.SubmitAsync(("Company", "Muster & Söhne GmbH"), ("VatId", "DE12"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldContain(noStreet);
        browser.Page.QuerySelector("#VatId")!.ParentElement!.ClassName!.ShouldContain("field-error");
        browser.Page.QuerySelector<IHtmlInputElement>("#Company")!.Value.ShouldBe("Muster & Söhne GmbH", "nothing typed is lost");

        await browser.SubmitAsync(("Street", "Musterstraße 株 1"), ("PostalCode", "12345"), ("City", "Musterstadt"), ("VatId", ""));
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("株");
        await browser.SubmitAsync(("Street", "Musterstraße 1"));
        browser.Outcome.ShouldBe("saved");
        var customer = await CustomerAsync(sample);
        (customer.Company, customer.Street, customer.VatId).ShouldBe(("Muster & Söhne GmbH", "Musterstraße 1", null));
        var mail = (await MailsAsync(customer.Number)).ShouldHaveSingleItem();
        (mail.Kind, mail.ToAddress).ShouldBe(("details-changed", SampleLicense.Owner));
        await using var db = _portal.Open();
        var told = await db.Events.AsNoTracking().Include(e => e.Detail).SingleAsync(e => e.Stream == customer.Id);
        (told.Kind, told.ActorId, told.Detail!.Text).ShouldBe((EventKind.CustomerChanged, owner.Id, "Company, Street, PostalCode, City"));

        // A public office has its invoices as XRechnung, unless it chooses another format.
        await browser.SubmitAsync(("IsAuthority", "yes"));
        (await CustomerAsync(sample)).InvoiceFormat.ShouldBe(InvoiceFormat.XRechnung);
        await browser.SubmitAsync(("InvoiceFormat", "PlainPdf"));
        (await CustomerAsync(sample)).InvoiceFormat.ShouldBe(InvoiceFormat.PlainPdf);

        // The same once more changes nothing and writes to nobody.
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("saved");
        (await MailsAsync(customer.Number)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Details_are_for_owners_and_of_their_own_customers()
    {
        var sample = await _portal.AddLicenseAsync();
        using var member = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync();
        await member.GetAsync("/my/details");
        (member.Status, member.Outcome).ShouldBe((HttpStatusCode.Forbidden, "owners-only"));

        var foreign = await CustomerAsync(await _portal.AddLicenseAsync());
        var person = await CustomerUser.CreateAsync(sample);
        using var owner = await person.SignInAsync();
        await owner.GetAsync($"/my/details?customer={foreign.Number}");
        var (status, words) = (owner.Status, owner.Words);
        status.ShouldBe(HttpStatusCode.NotFound);
        await owner.GetAsync("/my/details?customer=C-99999999");
        (owner.Status, owner.Words).ShouldBe((status, words));

        // With a second customer the page asks which one, and comes back to where it was needed.
        await using (var db = _portal.Open())
        {
            db.Add(new CustomerMember
            {
                CustomerId = foreign.Id,
                UserId = person.Id,
                Role = CustomerRole.Owner,
                Since = _portal.Clock.Now
            });
            await db.SaveChangesAsync();
        }

        await owner.GetAsync("/my/details?return=%2Fmy%2Finvoices");
        owner.Outcome.ShouldBe("which-customer");
        await owner.GetAsync(owner.Page.QuerySelector($"main a[href*='{foreign.Number}']")!.GetAttribute("href")!);
        await owner.SubmitAsync(("Street", "Musterweg 2"), ("PostalCode", "12345"), ("City", "Musterstadt"));
        owner.Path.ShouldBe("/my/invoices");
        (await CustomerAsync(sample)).Street.ShouldBeNull();
        await owner.GetAsync($"/my/details?customer={foreign.Number}&return=https%3A%2F%2Fevil.example");
        await owner.SubmitAsync(("City", "Musterdorf"));
        owner.Path.ShouldStartWith("/my/details", customMessage: "only to our own pages");
    }

    [Fact]
    public async Task The_language_holds_for_pages_and_mails_and_the_link_in_the_header_changes_both()
    {
        var sample = await _portal.AddLicenseAsync();
        var person = await CustomerUser.CreateAsync(sample);
        using var browser = await person.SignInAsync();
        await browser.GetAsync("/my/settings");
        browser.Page.QuerySelector("html")!.GetAttribute("lang").ShouldBe("de");
        var number = (await CustomerAsync(sample)).Number;
        await browser.SubmitAsync(("Language", "en"), ($"Language-{number}", "en"));
        browser.Outcome.ShouldBe("saved");
        browser.Page.QuerySelector("html")!.GetAttribute("lang").ShouldBe("en");
        browser.Page.QuerySelector<IHtmlInputElement>("[name=Language][checked]")!.Value.ShouldBe("en");
        (await CultureAsync(person)).ShouldBe("en");
        (await CustomerAsync(sample)).Language.ShouldBe("en");

        await browser.SubmitAsync(browser.Page.QuerySelector<IHtmlFormElement>("header form[action='/culture/set']")!);
        browser.Page.QuerySelector("html")!.GetAttribute("lang").ShouldBe("de");
        (await CultureAsync(person)).ShouldBe("de");
    }

    [Fact]
    public async Task Only_an_owner_who_asks_for_it_gets_copies_of_releases_and_of_locks()
    {
        var sample = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var asking = await CustomerUser.CreateAsync(sample);
        await CustomerUser.CreateAsync(sample);
        var member = await CustomerUser.CreateAsync(sample, CustomerRole.Member);
        using var browser = await asking.SignInAsync();
        await browser.GetAsync("/my/settings");
        await browser.SubmitAsync(($"Copies-{(await CustomerAsync(sample)).Number}", "releases"));
        browser.Page.QuerySelectorAll("[type=checkbox][checked]").Length.ShouldBe(1);
        using var other = await member.SignInAsync();
        await other.GetAsync("/my/settings");
        other.Page.QuerySelectorAll("[type=checkbox]").ShouldBeEmpty("members get no mails about the customer");

        await browser.GetAsync($"/my/licenses/{sample.Number}");
        await browser.GetAsync(browser.Page.QuerySelector("main a[href$='/release']")!.GetAttribute("href")!);
        await browser.SubmitAsync(("Act", "release"));
        browser.Outcome.ShouldBe("released");
        (await MailsAsync(sample.Number)).Select(m => m.ToAddress).ShouldBe([SampleLicense.Owner, asking.Email], ignoreOrder: true);

        // Locks were not asked for; then they are.
        (await LockMailsAsync(sample, "KASSE-ALT", "KASSE-NEU")).ShouldBe([SampleLicense.Owner]);
        var second = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var also = await CustomerUser.CreateAsync(second);
        using var owner = await also.SignInAsync();
        await owner.GetAsync("/my/settings");
        await owner.SubmitAsync(($"Copies-{(await CustomerAsync(second)).Number}", "locks"));
        await second.ReleaseAsync("KASSE-1");
        (await LockMailsAsync(second, "KASSE-1", "KASSE-2")).ShouldBe([SampleLicense.Owner, also.Email], ignoreOrder: true);
    }

    /// <summary>Found by the long fuzz run: each held the own account to read it, and waited for the other to write it.</summary>
    [Fact]
    public async Task Settings_that_are_saved_many_times_at_once_are_all_saved()
    {
        var sample = await _portal.AddLicenseAsync();
        var owner = await CustomerUser.CreateAsync(sample);
        var actor = await owner.ActorAsync();
        var save = _portal.Services.GetRequiredService<SaveMySettings>();
        var wanted = (await save.ShowAsync(actor, default)).ShouldNotBeNull() with { Culture = "en" };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => save.ExecuteAsync(actor, wanted, _portal.Clock.Now, default))));

        answers.ShouldAllBe(refused => refused == null);
        (await CultureAsync(owner)).ShouldBe("en");
    }

    /// <summary>The old computer is used beside the new one, as its check-in would tell; whom a mail about it goes to.</summary>
    private async Task<IReadOnlyList<string>> LockMailsAsync(SampleLicense sample, string old, string by)
    {
        _portal.Clock.Advance(TimeSpan.FromHours(1));
        await sample.ActivateAsync(by);
        _portal.Clock.Advance(TimeSpan.FromHours(1));
        await sample.ActAsync(async (license, db) =>
        {
            var activation = license.Activations.Single(a => a.PcName == old);
            var product = await _portal.Services.GetRequiredService<ProductCatalog>()
                .GetAsync(db, license.ProductId, CancellationToken.None);
            await _portal.Services.GetRequiredService<SelfHelpPortal.Features.Machine.CheckIn.UsageConflictHandler>().RecordAsync(
                db, license, activation, activation.HardwareCode, _portal.Clock.Now, product, new Caller(null), _portal.Clock.Now,
                CancellationToken.None);
            return 0;
        });
        var number = (await sample.ReadAsync()).Flags.Single().Number;
        return [.. (await MailsAsync(number)).Where(m => m.Kind == "locked").Select(m => m.ToAddress)];
    }

    private async Task<Customer> CustomerAsync(SampleLicense sample)
    {
        await using var db = _portal.Open();
        return await db.Customers.AsNoTracking().SingleAsync(c => db.Licenses.Any(l => l.Id == sample.Id && l.CustomerId == c.Id));
    }

    private async Task<string> CultureAsync(CustomerUser person)
    {
        await using var db = _portal.Open();
        return await db.Users.Where(u => u.Id == person.Id).Select(u => u.Culture).SingleAsync();
    }

    private async Task<IReadOnlyList<OutboxMessage>> MailsAsync(string reference)
    {
        await using var db = _portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Reference == reference).ToListAsync();
    }
}
