using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.People;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.My;

public class PeopleTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task An_owner_invites_who_has_no_account_and_who_has_one_alike()
    {
        var (owner, customer) = await CustomerAsync();
        var known = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await owner.SignInAsync();
        var words = new List<string>();
        foreach (var address in (string[])["stranger@people.example", known.Email])
        {
            await browser.GetAsync("/my/people");
            await browser.SubmitAsync(Form(browser, "invite"), ("Email", address), ("Role", "Member"));
            browser.Outcome.ShouldBe("invited");
            words.Add(browser.Words.Replace(address, "…", StringComparison.Ordinal));
            await browser.SubmitAsync(browser.Page.QuerySelectorAll<IHtmlFormElement>("main form")
                .Single(f => f.TextContent.Contains($"({address})", StringComparison.Ordinal)));
            browser.Outcome.ShouldBe("withdrawn");
            _portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await browser.SubmitAsync(Form(browser, "invite"), ("Email", address), ("Role", "Member"));
        }

        var withdrawn = (await _portal.MailsToAsync("stranger@people.example"))[0].Link("/account/confirm/");
        using var guest = portal.Open();
        (await guest.GetAsync(withdrawn)).Outcome.ShouldBe("invalid-link");
        await guest.GetAsync((await _portal.MailToAsync("stranger@people.example", "customer-invitation")).Link("/account/confirm/"));
        guest.Outcome.ShouldBe("open");
        await guest.SubmitAsync(("DisplayName", "Aushilfe"), ("Password", CustomerUser.Password), ("Repeat", CustomerUser.Password));
        guest.Path.ShouldBe("/my");

        await guest.GetAsync((await _portal.MailToAsync(known.Email, "customer-invitation")).Link("/account/confirm/"));
        guest.Outcome.ShouldBe("join");
        await guest.ConfirmAsync();
        (await RoleAsync(customer, known.Id)).ShouldBe(CustomerRole.Member);
        (await browser.GetAsync("/my/people")).Words.ShouldContain("Aushilfe");
        browser.Words.ShouldNotContain("Offene Einladungen");
    }

    [Fact]
    public async Task Who_belongs_already_or_has_no_address_is_not_invited_and_nothing_typed_is_lost()
    {
        var (owner, customer) = await CustomerAsync();
        var member = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Member);
        using var browser = await owner.SignInAsync();
        foreach (var (address, outcome) in new[] { (member.Email, "belongs"), ("keine Adresse", "people") })
        {
            await browser.GetAsync("/my/people");
            await browser.SubmitAsync(Form(browser, "invite"), ("Email", address), ("Role", "Owner"));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.Outcome.ShouldBe(outcome);
            browser.Page.QuerySelector("[name=Email]")!.GetAttribute("value").ShouldBe(address);
            browser.Page.QuerySelector("[name=Email]")!.Id.ShouldBe(
                browser.Page.QuerySelector(".summary-box a")!.GetAttribute("href")![1..]);
        }

        (await _portal.MailsToAsync(member.Email)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Roles_and_removals_count_at_once_and_stand_in_the_history()
    {
        var (owner, customer) = await CustomerAsync();
        var member = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Member);
        using var theirs = await member.SignInAsync();
        (await theirs.GetAsync("/my/people")).Page.QuerySelector("[name=Email]").ShouldBeNull();
        using var browser = await owner.SignInAsync();
        await browser.GetAsync("/my/people");
        await browser.SubmitAsync(Form(browser, "role", member.Id));
        browser.Outcome.ShouldBe("role-changed");
        (await theirs.GetAsync("/my/people")).Page.QuerySelector("[name=Email]").ShouldNotBeNull();
        await theirs.SubmitAsync(Form(theirs, "invite"), ("Email", "friend@people.example"), ("Role", "Owner"));

        await browser.GetAsync("/my/people");
        await browser.SubmitAsync(Form(browser, "remove", member.Id));
        browser.Outcome.ShouldBe("removed");
        (await theirs.GetAsync("/my/people")).Words.ShouldContain("gehört zu keinem Kunden");
        // What the removed person left behind opens nothing either.
        (await theirs.GetAsync((await _portal.MailToAsync("friend@people.example", "customer-invitation"))
            .Link("/account/confirm/"))).Outcome.ShouldBe("invalid-link");

        await using var db = _portal.Open();
        var told = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == customer).OrderBy(e => e.Seq).ToListAsync();
        told.Select(e => (e.Kind, EventLog.Read(e.Data).Member, EventLog.Read(e.Data).After)).ShouldBe(
            [(EventKind.MemberChanged, (Guid?)member.Id, "Owner"), (EventKind.MemberChanged, member.Id, null)]);
        told.ShouldAllBe(e => e.ActorId == owner.Id);
        EventLog.IsIntact(told).ShouldBeTrue();
    }

    [Fact]
    public async Task The_address_on_file_and_the_other_owners_hear_of_every_change_and_the_page_asks_first()
    {
        var (owner, customer) = await CustomerAsync();
        var other = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Owner);
        var member = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Member);
        await using var db = _portal.Open();
        var onFile = await db.Customers.Where(c => c.Id == customer).Select(c => c.Email).SingleAsync();
        using var browser = await owner.SignInAsync();
        await browser.GetAsync("/my/people");
        browser.Page.QuerySelectorAll("main form:has(input[name=Act][value=role]), main form:has(input[name=Act][value=remove])")
            .ShouldAllBe(form => form.ParentElement!.Closest("details") != null);

        await browser.SubmitAsync(Form(browser, "role", member.Id));
        await browser.SubmitAsync(Form(browser, "remove", member.Id));

        foreach (var reader in (string[])[onFile, other.Email])
        {
            var mails = (await _portal.MailsToAsync(reader)).Where(m => m.Kind == "access-changed").ToList();
            mails.Count.ShouldBe(2, reader);
            mails.ShouldAllBe(m => m.Text.Contains(MailAddresses.Mask(member.Email)) && !m.Text.Contains(member.Email));
            mails.Count(m => m.Subject.StartsWith("Ein neuer Inhaber", StringComparison.Ordinal)).ShouldBe(1, reader);
        }

        (await _portal.MailsToAsync(owner.Email)).ShouldNotContain(m => m.Kind == "access-changed", "it was the reader");
    }

    [Fact]
    public async Task The_last_owner_stays_until_there_is_another_one()
    {
        var (owner, customer) = await CustomerAsync();
        var member = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Member);
        using var browser = await owner.SignInAsync();
        await browser.GetAsync("/my/people");
        foreach (var form in (string[])["leave", "role"])
        {
            await browser.SubmitAsync(Form(browser, form, form == "role" ? owner.Id : null));
            browser.Outcome.ShouldBe("last-owner");
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        await browser.SubmitAsync(Form(browser, "role", member.Id));
        await browser.SubmitAsync(Form(browser, "leave"));
        browser.Outcome.ShouldBe("left");
        (await RoleAsync(customer, owner.Id)).ShouldBeNull();
        (await RoleAsync(customer, member.Id)).ShouldBe(CustomerRole.Owner);
    }

    [Fact]
    public async Task Members_and_strangers_change_nobody_but_a_member_may_leave()
    {
        var (owner, customer) = await CustomerAsync();
        var member = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Member);
        var (stranger, _) = await CustomerAsync();
        foreach (var user in (CustomerUser[])[member, stranger])
        {
            var act = new CustomerAct(Guid.NewGuid(), await user.ActorAsync());
            var now = _portal.Clock.Now;
            PeopleAnswer[] answers =
            [
                await Make<InvitePerson>()
                    .ExecuteAsync(act, customer, new Invited("new@people.example", CustomerRole.Owner, "de"), now, CancellationToken.None),
                await Make<WithdrawInvitation>().ExecuteAsync(act, customer, Guid.NewGuid(), now, CancellationToken.None),
                await Make<ChangeRole>().ExecuteAsync(act, customer, user.Id, CustomerRole.Owner, now, CancellationToken.None),
                await Make<RemovePerson>().ExecuteAsync(act, customer, owner.Id, now, CancellationToken.None),
            ];
            answers.ShouldAllBe(a => a.Refused == CustomerRefusal.NotPermitted);
        }

        (await Make<ShowPeople>().ExecuteAsync(await stranger.ActorAsync(), _portal.Clock.Now, CancellationToken.None))
            .ShouldNotContain(c => c.Customer == customer);
        (await Make<ShowPeople>().ExecuteAsync(await member.ActorAsync(), _portal.Clock.Now, CancellationToken.None))
            .Single().People.ShouldBeEmpty();
        (await RoleAsync(customer, owner.Id)).ShouldBe(CustomerRole.Owner);
        (await _portal.MailsToAsync("new@people.example")).ShouldBeEmpty();

        using var browser = await member.SignInAsync();
        await browser.GetAsync("/my/people");
        await browser.SubmitAsync(Form(browser, "leave"));
        browser.Outcome.ShouldBe("left");
        (await RoleAsync(customer, member.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Two_owners_who_remove_each_other_at_once_leave_one()
    {
        var (first, customer) = await CustomerAsync();
        var second = await CustomerUser.CreateAsync(_portal, customer);
        var acts = new[] { (first, second), (second, first) }.Select(async pair => await Make<RemovePerson>().ExecuteAsync(
            new CustomerAct(Guid.NewGuid(), await pair.Item1.ActorAsync()), customer, pair.Item2.Id, _portal.Clock.Now,
            CancellationToken.None));

        var answers = await Task.WhenAll(acts);

        answers.Count(a => a is { Refused: null, Stopped: null }).ShouldBe(1);
        await using var db = _portal.Open();
        (await db.CustomerMembers.CountAsync(m => m.CustomerId == customer)).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_invites_once()
    {
        var (owner, _) = await CustomerAsync();
        using var browser = await owner.SignInAsync();
        await browser.GetAsync("/my/people");
        var form = Form(browser, "invite");
        var answers = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            await browser.SubmitAsync(form, ("Email", "double@people.example"), ("Role", "Member"));
            answers.Add(browser.Outcome);
        }

        answers.ShouldBe(["invited", "invited"]);
        (await _portal.MailsToAsync("double@people.example")).Count.ShouldBe(1);
    }

    private T Make<T>()
        where T : notnull => _portal.Services.GetRequiredService<T>();

    private async Task<(CustomerUser Owner, Guid Customer)> CustomerAsync()
    {
        var customer = await (await _portal.AddLicenseAsync()).OfAsync($"{Guid.NewGuid():n}@people.example");
        return (await CustomerUser.CreateAsync(_portal, customer), customer);
    }

    private async Task<CustomerRole?> RoleAsync(Guid customer, Guid user)
    {
        await using var db = _portal.Open();
        return await db.CustomerMembers.Where(m => m.CustomerId == customer && m.UserId == user).Select(m => (CustomerRole?)m.Role)
            .SingleOrDefaultAsync();
    }

    private static IHtmlFormElement Form(Browser browser, string act, Guid? who = null) =>
        browser.Page.QuerySelectorAll<IHtmlFormElement>("main form")
        .First(f => f.QuerySelector($"[name=Act][value={act}]") is not null
            && (who is null || f.QuerySelector($"[name=Who][value='{who}']") is not null));
}
