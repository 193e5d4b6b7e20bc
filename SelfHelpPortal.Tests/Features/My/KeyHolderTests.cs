using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Licenses;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.My;

/// <summary>
/// T6: whoever registered with a key sees and releases that license, and nothing else of its customer, until somebody agrees.
/// </summary>
public class KeyHolderTests(MyPortal portal) : IClassFixture<MyPortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Theory]
    [InlineData("de", "Hier stehen nur die Lizenzen, deren Schlüssel Sie eingegeben haben.")]
    [InlineData("en", "Only the licenses whose keys you have entered are listed here.")]
    public async Task The_list_has_the_one_license_says_why_and_names_no_computer_in_full(string language, string why)
    {
        var (own, other) = await TwoOfOneCustomerAsync();
        var holder = await CustomerUser.CreateByKeyAsync(own);
        using var browser = await holder.SignInAsync(language);
        await browser.GetAsync("/my");

        browser.Outcome.ShouldBe("licenses");
        browser.Words.ShouldContain(why);
        browser.Words.ShouldContain(own.Number);
        browser.Words.ShouldNotContain(other.Number);
        browser.Words.ShouldContain("KA…1");
        browser.Words.ShouldNotContain("KASSE-1");

        // A second key of the same customer adds its license.
        await holder.AddKeyAsync(other);
        await browser.GetAsync("/my");
        browser.Words.ShouldContain(own.Number);
        browser.Words.ShouldContain(other.Number);
    }

    [Fact]
    public async Task Every_page_and_file_of_another_license_is_missing_and_the_own_one_gives_no_secret()
    {
        var (own, other) = await TwoOfOneCustomerAsync();
        var owner = await CustomerUser.CreateAsync(own);
        using var browser = await (await CustomerUser.CreateByKeyAsync(own)).SignInAsync();
        foreach (var (license, isOwn) in new[] { (own, true), (other, false) })
        {
            var here = $"/my/licenses/{license.Number}";
            var computer = $"{here}/computers/{(await license.ReadAsync()).ActiveComputers.Single().Id}";
            (string Path, bool IsFound)[] pages =
                [(here, isOwn), ($"{computer}/release", isOwn), ($"{computer}/name", false), ($"{computer}/file", false)];
            foreach (var (path, isFound) in pages)
            {
                (await browser.GetAsync(path)).Status.ShouldBe(isFound ? HttpStatusCode.OK : HttpStatusCode.NotFound, path);
                browser.Words.ShouldNotContain("KASSE-1");
            }
        }

        // What an owner did is told without his name.
        using (var theirs = await owner.SignInAsync())
        {
            await theirs.GetAsync($"/my/licenses/{own.Number}");
            theirs.Words.ShouldContain("KASSE-1");
        }

        foreach (var (path, status) in new[] { ("/my/transfers", HttpStatusCode.OK), ("/my/invoices", HttpStatusCode.Forbidden),
            ("/my/details", HttpStatusCode.Forbidden), ("/my/people", HttpStatusCode.OK) })
        {
            (await browser.GetAsync(path)).Status.ShouldBeOneOf(status, HttpStatusCode.NotFound, HttpStatusCode.OK);
            browser.Words.ShouldNotContain(owner.Email);
            browser.Words.ShouldNotContain(other.Number);
        }
    }

    [Fact]
    public async Task It_releases_its_own_computer_and_no_other_and_no_name_of_its_own_is_mailed()
    {
        var (own, other) = await TwoOfOneCustomerAsync();
        var holder = await CustomerUser.CreateByKeyAsync(own);
        using var browser = await holder.SignInAsync();
        var release = _portal.Services.GetRequiredService<ReleaseComputer>();
        var foreign = (await other.ReadAsync()).ActiveComputers.Single().Id;
        var act = new CustomerAct(Guid.NewGuid(), await holder.ActorAsync());
        (await release.ExecuteAsync(act, other.Number, foreign, goesOn: false, _portal.Clock.Now, default))
            .Refused.ShouldBe(CustomerRefusal.NotFound);
        (await release.ExecuteAsync(act, own.Number, foreign, goesOn: false, _portal.Clock.Now, default))
            .Refused.ShouldBe(CustomerRefusal.NotFound);
        (await other.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();

        await browser.GetAsync($"/my/licenses/{own.Number}/computers/{(await own.ReadAsync()).ActiveComputers.Single().Id}/release");
        await browser.SubmitAsync(("Act", "release"));
        (await own.ReadAsync()).ActiveComputers.ShouldBeEmpty();
        await using var db = _portal.Open();
        var told = await db.Set<OutboxMessage>().SingleAsync(m => m.Kind == "released" && m.Reference == own.Number);
        told.CopyText.ShouldNotContain((await db.Users.SingleAsync(u => u.Id == holder.Id)).DisplayName);
    }

    [Fact]
    public async Task An_act_that_was_begun_ends_with_the_access()
    {
        var (own, _) = await TwoOfOneCustomerAsync();
        var holder = await CustomerUser.CreateByKeyAsync(own);
        var gate = _portal.Services.GetRequiredService<CustomerGate>();
        var customer = (await own.ReadAsync()).CustomerId;
        await using var db = _portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var actor = await holder.ActorAsync();
        (await gate.CheckAsync(db, actor, customer, own.Id, CustomerRole.KeyHolder, _portal.Clock.Now, default)).ShouldBeNull();
        (await gate.CheckAsync(db, actor, customer, Guid.NewGuid(), CustomerRole.KeyHolder, _portal.Clock.Now, default))
            .ShouldBe(GateRefusal.NotPermitted);
        (await gate.CheckAsync(db, actor, customer, own.Id, CustomerRole.Member, _portal.Clock.Now, default))
            .ShouldBe(GateRefusal.NotPermitted);
        await db.KeyAccesses.Where(k => k.UserId == holder.Id).ExecuteDeleteAsync();
        (await gate.CheckAsync(db, actor, customer, own.Id, CustomerRole.KeyHolder, _portal.Clock.Now, default))
            .ShouldBe(GateRefusal.NotPermitted);
    }

    [Fact]
    public async Task The_export_of_the_account_holds_the_access_and_nothing_of_the_customer()
    {
        var (own, other) = await TwoOfOneCustomerAsync();
        var holder = await CustomerUser.CreateByKeyAsync(own);
        using var target = new MemoryStream();
        await _portal.Services.GetRequiredService<WriteExport>()
            .OfAccountAsync(holder.Id, CultureInfo.GetCultureInfo("en"), target, default);
        target.Position = 0;
        await using var zip = new ZipArchive(target);
        var text = new StringBuilder();
        foreach (var entry in zip.Entries.Where(e => e.FullName.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            text.Append(await reader.ReadToEndAsync());
        }

        text.ToString().ShouldContain(own.Number);
        text.ToString().ShouldNotContain(other.Number);
        text.ToString().ShouldNotContain("KASSE-1");
    }

    [Fact]
    public async Task An_owner_sees_who_came_with_a_key_and_agrees_or_sends_away()
    {
        var (own, other) = await TwoOfOneCustomerAsync();
        var (welcome, unknown) = (await CustomerUser.CreateByKeyAsync(own), await CustomerUser.CreateByKeyAsync(own));
        using var owner = await (await CustomerUser.CreateAsync(own)).SignInAsync();
        await owner.GetAsync("/my/people");
        owner.Words.ShouldContain(welcome.Email);
        owner.Words.ShouldContain($"Sieht nur: {own.Number}.");
        await owner.SubmitAsync(Form(owner, "role", welcome.Id));
        owner.Outcome.ShouldBe("role-changed");
        await owner.SubmitAsync(Form(owner, "remove", unknown.Id));
        owner.Outcome.ShouldBe("removed");

        await using var db = _portal.Open();
        (await db.KeyAccesses.CountAsync(k => k.UserId == welcome.Id || k.UserId == unknown.Id)).ShouldBe(0);
        (await db.CustomerMembers.SingleAsync(m => m.UserId == welcome.Id)).Role.ShouldBe(CustomerRole.Member);
        (await db.CustomerMembers.AnyAsync(m => m.UserId == unknown.Id)).ShouldBeFalse();
        using var member = await welcome.SignInAsync();
        (await member.GetAsync("/my")).Words.ShouldContain(other.Number);
        using var gone = await unknown.SignInAsync();
        (await gone.GetAsync("/my")).Outcome.ShouldBe("no-customer");
    }

    [Fact]
    public async Task Nobody_is_made_a_holder_of_a_key_by_a_form_and_everybody_can_give_the_own_access_up()
    {
        var (own, _) = await TwoOfOneCustomerAsync();
        var holder = await CustomerUser.CreateByKeyAsync(own);
        var member = await CustomerUser.CreateAsync(own, CustomerRole.Member);
        using var owner = await (await CustomerUser.CreateAsync(own)).SignInAsync();
        await owner.GetAsync("/my/people");
        await owner.SubmitAsync(Form(owner, "role", member.Id), ("Role", "KeyHolder"));
        owner.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        using var browser = await holder.SignInAsync();
        await browser.GetAsync("/my/people");
        browser.Words.ShouldNotContain(member.Email);
        await browser.SubmitAsync(Form(browser, "leave"));
        browser.Outcome.ShouldBe("left");
        await using var db = _portal.Open();
        (await db.KeyAccesses.AnyAsync(k => k.UserId == holder.Id)).ShouldBeFalse();
        (await db.CustomerMembers.SingleAsync(m => m.UserId == member.Id)).Role.ShouldBe(CustomerRole.Member);
    }

    [Fact]
    public async Task A_license_that_comes_to_another_customer_takes_no_key_access_along()
    {
        var (own, _) = await TwoOfOneCustomerAsync();
        var holder = await CustomerUser.CreateByKeyAsync(own);
        var buyer = (await (await _portal.AddLicenseAsync()).ReadAsync()).CustomerId;
        await MoveAsync(own, buyer);
        using var browser = await holder.SignInAsync();
        (await browser.GetAsync($"/my/licenses/{own.Number}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Licenses_are_read_through_the_one_predicate() =>
        Directory.EnumerateFiles(Repository.At("SelfHelpPortal", "Features", "Portal"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadLines(file).Where(IsUnguarded).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("from l in db.Licenses where mine.Any(c => c.Id == l.CustomerId)", true)]
    [InlineData("db.Licenses.Where(l => l.Number == number)", true)]
    [InlineData("await db.Licenses.Where(l => l.Id == own.Id)", false)]
    [InlineData("join l in db.Licenses on a.LicenseId equals l.Id", false)]
    public void An_unguarded_query_is_found(string line, bool isFound) => IsUnguarded(line).ShouldBe(isFound);

    /// <summary>A query that begins with all licenses, and not with one whose right is known.</summary>
    private static bool IsUnguarded(string line) =>
        (line.Contains("from l in db.Licenses", StringComparison.Ordinal) || line.Contains("db.Licenses.", StringComparison.Ordinal))
        && !line.Contains("l.Id == own.Id", StringComparison.Ordinal)
        && !line.Contains("l.CustomerId == customer.Id", StringComparison.Ordinal);

    private static IHtmlFormElement Form(Browser browser, string act, Guid? who = null) =>
        browser.Page.QuerySelectorAll<IHtmlFormElement>("main form").Single(f =>
        f.QuerySelector("[name=Act]")?.GetAttribute("value") == act
            && (who is null || f.QuerySelector("[name=Who]")?.GetAttribute("value") == who.ToString()));

    private async Task<(SampleLicense Own, SampleLicense Other)> TwoOfOneCustomerAsync()
    {
        var own = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var other = await _portal.AddLicenseAsync(computers: "KASSE-1");
        await MoveAsync(other, (await own.ReadAsync()).CustomerId);
        return (own, other);
    }

    private async Task MoveAsync(SampleLicense license, Guid customer)
    {
        await using var db = _portal.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE license SET customer_id = {customer} WHERE id = {license.Id}");
    }
}
