using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

public class LostKeyTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task All_keys_of_an_address_come_in_one_mail_to_the_address_on_file_in_the_customers_language()
    {
        const string Address = "keys@muster-gastro.example";
        var first = await LicenseAsync(Address, "Muster Gastro GmbH", "en");
        var second = await LicenseAsync(Address, "Muster Kino GmbH", "de");
        var revoked = await LicenseAsync(Address, "Muster Kino GmbH", "de");
        await revoked.ActAsync((license, _) => Task.FromResult(license.Revoke(_portal.Clock.Now).ShouldSucceed()));

        using var browser = await AskAsync(" Keys@Muster-Gastro.example ");

        browser.Outcome.ShouldBe("mail-sent-if-known");
        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Words.ShouldNotContain("muster-gastro", Case.Insensitive);
        var mail = (await _portal.MailsToAsync(Address)).ShouldHaveSingleItem();
        mail.Subject.ShouldBe("Your activation keys");
        mail.Text.ShouldContain($"License {first.Number}, Muster Gastro GmbH");
        mail.Text.ShouldContain(first.Key);
        mail.Text.ShouldContain(second.Key);
        mail.Text.ShouldNotContain(revoked.Key);
        mail.Copy.ShouldContain(first.Number);
        mail.Copy.ShouldNotContain(first.LastFive);
    }

    [Fact]
    public async Task Nobody_gets_a_mail_at_an_unknown_address_and_an_address_that_is_none_is_a_mistake()
    {
        using var browser = await AskAsync("nobody@unknown.example");
        browser.Outcome.ShouldBe("mail-sent-if-known");
        (await _portal.MailsToAsync("nobody@unknown.example")).ShouldBeEmpty();

        await browser.GetAsync("/lost-key");
        await browser.SubmitAsync(("Email", "no address"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("name@firma.de");
        browser.Page.QuerySelector("[name=Email]")!.GetAttribute("value").ShouldBe("no address");
    }

    [Fact]
    public async Task An_address_gets_six_mails_a_day_of_one_stranger_three_and_the_page_never_changes()
    {
        const string Address = "often@muster-gastro.example";
        await LicenseAsync(Address, "Muster Gastro GmbH", "de");
        using var stranger = portal.Open();
        for (var i = 0; i < 5; i++)
        {
            await stranger.GetAsync("/lost-key");
            (await stranger.SubmitAsync(("Email", Address))).Outcome.ShouldBe("mail-sent-if-known");
        }

        (await _portal.MailsToAsync(Address)).Count.ShouldBe(3);
        for (var i = 0; i < 5; i++)
        {
            using var browser = await AskAsync("OFTEN@Muster-Gastro.example");
            browser.Outcome.ShouldBe("mail-sent-if-known");
        }

        (await _portal.MailsToAsync(Address)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task One_source_gets_ten_mails_an_hour()
    {
        using var browser = portal.Open();
        for (var i = 0; i < 12; i++)
        {
            await LicenseAsync($"many{i}@muster-gastro.example", "Muster Gastro GmbH", "de");
            await browser.GetAsync("/lost-key");
            await browser.SubmitAsync(("Email", $"many{i}@muster-gastro.example"));
            browser.Outcome.ShouldBe("mail-sent-if-known");
        }

        (await _portal.MailsToAsync("many9@muster-gastro.example")).Count.ShouldBe(1);
        (await _portal.MailsToAsync("many10@muster-gastro.example")).ShouldBeEmpty();
    }

    [Fact]
    public async Task More_keys_than_a_mail_holds_come_in_several()
    {
        const string Address = "chain@muster-gastro.example";
        var first = await LicenseAsync(Address, "Muster Kette GmbH", "de");
        await using (var db = _portal.Open())
        {
            var license = await db.Licenses.AsNoTracking().SingleAsync(l => l.Id == first.Id);
            var make = _portal.Services.GetRequiredService<LicenseFactory>();
            for (var i = 0; i < 60; i++)
            {
                var key = ActivationKey.New();
                db.Add(make.Make($"L-6{i:D4}", license.ProductId, license.CustomerId, key.Normalized, key.ToString(), 1,
                    _portal.Clock.Now));
            }

            await db.SaveChangesAsync();
        }

        using var browser = await AskAsync(Address);

        var mails = await _portal.MailsToAsync(Address);
        mails.Count.ShouldBe(2);
        mails.Count(m => m.Text.Contains("Nummer 1 von 2", StringComparison.Ordinal)).ShouldBe(1);
        mails.Sum(m => m.Text.Split("Lizenz L-").Length - 1).ShouldBe(61);
    }

    [Fact]
    public async Task What_could_not_be_written_leaves_nothing_behind_holds_up_nothing_and_is_tried_again()
    {
        var tries = 0;
        await using var faulty = new PortalFactory
        {
            Change = builder => builder.Services.AddSingleton(
                new MailRequestKind("faulty", LimitedMail.LostKey, async (_, db, asked, _, cancellationToken) =>
            {
                await db.Customers.ExecuteUpdateAsync(s => s.SetProperty(c => c.Company, asked.Address), cancellationToken);
                if (++tries < 2)
                {
                    throw new InvalidOperationException("Not yet.");
                }
            })),
        };
        await faulty.InitializeAsync();
        await faulty.AddLicenseAsync();
        var kind = faulty.Services.GetServices<MailRequestKind>().Single(k => k.Name == "faulty");
        await using var db = faulty.Open();
        db.Add(MailRequests.Ask(kind, "x@example.org", null, "de", faulty.Clock.Now));
        await db.SaveChangesAsync();

        await faulty.WriteAskedMailsAsync();
        (await db.Customers.AsNoTracking().SingleAsync()).Company.ShouldNotBe("x@example.org");
        (await db.Set<MailRequest>().AsNoTracking().SingleAsync()).Failures.ShouldBe(1);

        faulty.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.BecomesTrueAsync(async () =>
        {
            await faulty.WriteAskedMailsAsync();
            return !await db.Set<MailRequest>().AnyAsync();
        });
        (await db.Customers.AsNoTracking().SingleAsync()).Company.ShouldBe("x@example.org");
        tries.ShouldBe(2);
    }

    private async Task<Browser> AskAsync(string address)
    {
        var browser = portal.Open();
        await browser.GetAsync("/lost-key");
        return await browser.SubmitAsync(("Email", address));
    }

    private async Task<SampleLicense> LicenseAsync(string address, string company, string language)
    {
        var license = await _portal.AddLicenseAsync();
        await license.OfAsync(address, company, language);
        return license;
    }
}
