using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>
/// /transfer/confirm/{link}: what the owner sees before he agrees, what he has to know for it, and where everything goes afterwards.
/// </summary>
public class ConfirmOrderTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly TransferPolicy Automatic = Tills.Policy with { Review = TransferReview.Automatic };

    private readonly PortalFactory _portal = portal.Portal;

    /// <summary>Of somebody who ordered and is not on file; another one in each test.</summary>
    private readonly string _elsewhere = $"{Guid.NewGuid():n}@andere-firma.example";

    [Theory]
    [InlineData("de", "Lizenzdatei geht an", "Rechnung geht an", "zuletzt benutzt", "83,30 €")]
    [InlineData("en", "License file goes to", "Invoice goes to", "last used", "EUR 83.30")]
    public async Task The_owner_sees_what_moves_who_ordered_where_it_goes_and_what_it_costs(
        string language, string license, string invoice, string lastUsed, string cost)
    {
        var tills = await Tills.AddAsync(_portal);
        await using (var db = _portal.Open())
        {
            await db.Licenses.Where(l => l.Number == tills.Numbers[1])
                .ExecuteUpdateAsync(s => s.SetProperty(l => l.Serial, $"S-{tills.Numbers[1]}"));
        }

        var (owner, request) = await AtConfirmAsync(tills, _elsewhere, language);
        using (owner)
        {
            owner.Outcome.ShouldBe("confirm");
            var words = owner.Words.Replace('\u00A0', ' ');
            string[] expected =
            [
                request.Reference!, tills.Numbers[1], $"S-{tills.Numbers[1]}", "KA…2", lastUsed, Tills.Code("KASSE-NEU").Split('-')[^1],
                    "Muster Gastro GmbH", "Einkauf", _elsewhere, license,
                tills.Owner, invoice, "Musterstraße 1", cost,
            ];
            expected.ShouldAllBe(e => words.Contains(e, StringComparison.Ordinal), words);
            owner.Words.ShouldNotContain("KASSE-2");
            owner.Words.ShouldNotContain(Tills.Code("KASSE-NEU"));
            owner.Page.QuerySelectorAll("main input[type=checkbox]").Length.ShouldBe(2);
            owner.Page.QuerySelectorAll("main input[checked]").ShouldBeEmpty();
            owner.Page.QuerySelector("[name=LastFive]").ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task From_the_address_on_file_the_tick_is_enough()
    {
        var tills = await Tills.AddAsync(_portal, policy: Automatic);
        var (owner, request) = await AtConfirmAsync(tills, tills.Owner);
        using (owner)
        {
            owner.Page.QuerySelectorAll("main input[type=checkbox]").ShouldHaveSingleItem();
            owner.Page.QuerySelector("[name=LastFive]").ShouldBeNull();
            await owner.SubmitAsync();
            owner.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
            await owner.ConfirmAsync();
            owner.Outcome.ShouldBe("submitted");
        }

        (await FilesAsync(request)).ShouldBe([(tills.Owner, true, true)]);
    }

    [Fact]
    public async Task From_elsewhere_the_end_of_the_key_is_asked_for_and_guessing_it_is_budgeted()
    {
        var tills = await Tills.AddAsync(_portal);
        var (owner, request) = await AtConfirmAsync(tills, _elsewhere);
        using (owner)
        {
            await owner.ConfirmAsync();
            owner.ErrorsInSummary.ShouldBe(["Geben Sie die letzten fünf Zeichen des Schlüssels ein"]);
            var tries = 0;
            do
            {
                await owner.ConfirmAsync(("LastFive", "00000"), (OwnerAgreement.LicenseCopy, "yes"));
                owner.Outcome.ShouldBeOneOf("wrong-code", "too-many-tries");
                owner.Page.QuerySelector($"[name={OwnerAgreement.LicenseCopy}]")!.HasAttribute("checked")
                    .ShouldBeTrue("what was ticked besides stays");
                owner.Page.QuerySelector("[name=Confirmed]")!.HasAttribute("checked").ShouldBeFalse();
            }
            while (owner.Status != HttpStatusCode.TooManyRequests && ++tries < 30);

            tries.ShouldBeInRange(3, 10);
            await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]));
            owner.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_license_goes_to_the_address_on_file_and_a_copy_only_where_the_owner_allows_it(bool isAllowed)
    {
        var tills = await Tills.AddAsync(_portal, policy: Automatic);
        var (owner, request) = await AtConfirmAsync(tills, _elsewhere);
        using (owner)
        {
            await owner.ConfirmAsync(
                ("LastFive", tills.Keys[1][^5..].ToLowerInvariant()), (OwnerAgreement.LicenseCopy, isAllowed ? "yes" : null));
            owner.Outcome.ShouldBe("submitted", owner.Words);
        }

        (await FilesAsync(request)).ShouldBe([(_elsewhere, isAllowed, true), (tills.Owner, true, false)], ignoreOrder: true);
        using var orderer = portal.Open();
        await orderer.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-completed"));
        var name = $"Lizenz-{tills.Numbers[1]}.lshlic";
        orderer.Words.Contains(name, StringComparison.Ordinal).ShouldBe(isAllowed);
        using var file = await orderer.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{orderer.Path}/{name}"));
        file.StatusCode.ShouldBe(isAllowed ? HttpStatusCode.OK : HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_owner_who_is_signed_in_needs_no_key_and_a_member_does()
    {
        var tills = await Tills.AddAsync(_portal);
        var (nobody, request) = await AtConfirmAsync(tills, _elsewhere);
        var path = nobody.Path;
        nobody.Dispose();
        using var member = await (await CustomerUser.CreateAsync(_portal, tills.CustomerId, CustomerRole.Member)).SignInAsync();
        await member.GetAsync(path);
        member.Page.QuerySelector("[name=LastFive]").ShouldNotBeNull();
        await member.ConfirmAsync(("LastFive", "00000"));
        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);

        var person = await CustomerUser.CreateAsync(_portal, tills.CustomerId);
        using var owner = await person.SignInAsync();
        await owner.GetAsync(path);
        owner.Page.QuerySelector("[name=LastFive]").ShouldBeNull();
        await owner.ConfirmAsync();
        owner.Outcome.ShouldBe("submitted");
        await using var db = _portal.Open();
        (await db.Events.Where(e => e.Stream == request.Id).OrderBy(e => e.Seq).Select(e => e.ActorId).ToListAsync())[1]
            .ShouldBe(person.Id);
    }

    [Fact]
    public async Task Nothing_that_the_orderer_typed_stands_in_a_mail_before_the_owner_has_confirmed()
    {
        const string Marker = "Zwiebelfisch";
        var tills = await Tills.AddAsync(_portal);
        using var browser = portal.Open();
        await tills.ToContactAsync(browser);
        (string, string?)[] typed =
        [
            ("Company", $"{Marker} GmbH"), ("Name", $"{Marker} Einkauf"), ("Email", _elsewhere), ("Street", $"{Marker}weg 1"),
                ("PostalCode", "12345"),
            ("City", $"{Marker}stadt"), ("Country", "DE"), ("Remark", $"Rufen Sie {Marker} an"), ("OrderNumber", Marker),
        ];
        await browser.SubmitAsync(typed);
        await browser.SubmitAsync(("Accept", "yes"));
        browser.Outcome.ShouldBe("confirm-by-mail", browser.Words);
        var request = await tills.RequestAsync(browser);
        await ShouldBeCleanAsync(["transfer-confirm", "transfer-received"]);

        // Nor in what staff and the typed address, which may be anybody's, are told afterwards.
        using var owner = portal.Open();
        await owner.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        owner.Words.ShouldContain(Marker);
        await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]));
        owner.Outcome.ShouldBe("submitted");
        await ShouldBeCleanAsync(["staff-transfer", "transfer-confirm", "transfer-received"]);

        async Task ShouldBeCleanAsync(string[] kinds)
        {
            var mails = await tills.MailsAsync(request.Reference!);
            mails.Select(m => m.Kind).Order(StringComparer.Ordinal).ShouldBe(kinds);
            mails.ShouldAllBe(m => !$"{m.Subject}{m.ToName}{m.CopyText}".Contains(Marker, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task A_second_order_that_knows_as_much_is_told_in_words_and_kept()
    {
        var tills = await Tills.AddAsync(_portal);
        var (owner, first) = await AtConfirmAsync(tills, _elsewhere);
        using var second = await tills.ToCheckAsync(portal.Open(), email: $"zweite.{_elsewhere}");
        await second.SubmitAsync(("Accept", "yes"));
        second.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        second.Words.ShouldContain("Für diese Lizenz wartet schon eine Bestellung auf Bestätigung.");
        second.Words.ShouldContain("in•••@mu•••.example");
        second.Words.ShouldNotContain(first.Reference!);

        // Once the first is out of the way the same page goes on.
        using (owner)
        {
            await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]));
            owner.Outcome.ShouldBe("submitted");
        }

        await tills.ActAsync(first.Id, r => r.Withdraw(_portal.Clock.Now));
        await second.SubmitAsync(("Accept", "yes"));
        second.Outcome.ShouldBe("confirm-by-mail", second.Words);
    }

    [Fact]
    public async Task Whoever_only_stated_a_license_reads_the_same_whether_an_order_waits_there_is_none_or_no_license()
    {
        var tills = await Tills.AddAsync(_portal);
        using var first = await StateAsync(tills, tills.Numbers[0], $"erste.{_elsewhere}");
        var waiting = await tills.RequestAsync(first);
        waiting.State.ShouldBe(TransferState.AwaitingConfirmation);
        using var second = await StateAsync(tills, tills.Numbers[0], $"zweite.{_elsewhere}");
        using var unknown = await StateAsync(tills, "L-99999", $"dritte.{_elsewhere}");
        var requests = new List<TransferRequest>();
        foreach (var browser in new[] { first, second, unknown })
        {
            requests.Add(await tills.RequestAsync(browser));
        }

        string[] words =
            [.. new[] { first, second, unknown }.Zip(requests, (b, r) => b.Words.Replace(r.Reference!, "…", StringComparison.Ordinal))];
        words.Distinct().ShouldHaveSingleItem();
        words[0].ShouldContain("Wartet für die Lizenz schon eine andere Bestellung, fragen wir nicht noch einmal");
        requests[1].ShouldSatisfyAllConditions(
            r => r.State.ShouldBe(TransferState.InReview),
            r => r.CustomerId.ShouldBeNull(),
            r => r.Items.ShouldHaveSingleItem().LicenseId.ShouldBeNull(),
            r => r.ReviewReasons.ShouldContain(ReviewReason.AnotherWaits));
        var receipts = new List<string>();
        foreach (var request in requests)
        {
            var mail = (await tills.MailsAsync(request.Reference!)).Single(m => m.Kind == "transfer-received");
            receipts.Add((mail.Subject + mail.CopyText).Replace(request.Reference!, "…", StringComparison.Ordinal));
        }

        receipts.Distinct().ShouldHaveSingleItem();
        (await tills.ReadAsync(waiting.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
    }

    [Fact]
    public async Task A_stranger_who_knows_a_number_holds_up_nobody_who_knows_more()
    {
        var tills = await Tills.AddAsync(_portal);
        using var stranger = await StateAsync(tills, tills.Numbers[1], _elsewhere);
        var stated = await tills.RequestAsync(stranger);
        using var browser = portal.Open();
        var request = await tills.OrderAsync(browser, email: $"kasse.{_elsewhere}");
        request.State.ShouldBe(TransferState.AwaitingConfirmation);
        (await tills.ReadAsync(stated.Id)).State.ShouldBe(TransferState.Expired);
        (await tills.MailsAsync(stated.Reference!)).Select(m => m.Kind)
            .ShouldBe(["transfer-confirm", "transfer-received", "transfer-withdrawn"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("de", "Nichts umzuziehen: einfach aktivieren", "es wird nichts berechnet")]
    [InlineData("en", "Nothing to move: just activate", "there is no charge")]
    public async Task The_owner_of_a_license_that_no_computer_uses_is_told_to_activate_it(string language, string heading, string free)
    {
        var tills = await Tills.AddAsync(_portal, policy: Automatic);
        var number = await tills.AddFreeAsync();
        using var stranger = await StateAsync(tills, number, _elsewhere);
        var request = await tills.RequestAsync(stranger);
        stranger.Words.ShouldNotContain(heading, Case.Insensitive, "whoever states a number learns nothing about the license");

        using var owner = await portal.Open(language).GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        owner.Outcome.ShouldBe("nothing-to-move");
        owner.Heading.ShouldBe(heading);
        owner.Words.ShouldContain(number);
        owner.Words.ShouldContain(free);
        owner.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        owner.Page.QuerySelectorAll("main a[href='/lost-key'], main a[href='/activate']").Length.ShouldBe(2);

        // Nothing happens to it; it ends by itself.
        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
        await using var db = _portal.Open();
        (await db.Invoices.CountAsync(i => i.TransferRequestId == request.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_license_that_was_released_since_the_page_was_opened_is_not_moved_for_money()
    {
        var tills = await Tills.AddAsync(_portal, policy: Automatic);
        var (owner, request) = await AtConfirmAsync(tills, tills.Owner);
        using (owner)
        {
            await tills.ReleaseAsync(tills.Numbers[1]);
            await owner.ConfirmAsync();
            owner.Outcome.ShouldBe("nothing-to-move");
        }

        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
    }

    [Fact]
    public async Task Of_two_orders_at_once_one_waits()
    {
        var tills = await Tills.AddAsync(_portal);
        var browsers = new List<Browser>();
        for (var i = 0; i < 4; i++)
        {
            browsers.Add(await tills.ToCheckAsync(portal.Open(), email: $"{i}.{_elsewhere}"));
        }

        var answers = await Task.WhenAll(browsers.Select(b => b.PostAsync(null, ("Accept", "yes"))));
        answers.Count(a => a.StatusCode == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.UnprocessableEntity).ShouldBe(3);
        browsers.ForEach(b => b.Dispose());
        await using var db = _portal.Open();
        (await db.Transfers.CountAsync(r => r.CustomerId == tills.CustomerId && r.State == TransferState.AwaitingConfirmation)).ShouldBe(1);
    }

    /// <summary>Ordered from an address, and the owner has opened the link in his mail.</summary>
    private async Task<(Browser Owner, TransferRequest Request)> AtConfirmAsync(Tills tills, string email, string language = "de")
    {
        using var browser = portal.Open(language);
        var request = await tills.OrderAsync(browser, email: email);
        return (await portal.Open(language).GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm")), request);
    }

    /// <summary>An order of somebody who knows the license's number.</summary>
    private async Task<Browser> StateAsync(Tills tills, string number, string email)
    {
        var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("LicenseNumber", number), ("Act", "next"));
        await browser.SubmitAsync(Tills.Contact(email));
        await browser.SubmitAsync(("Accept", "yes"));
        browser.Outcome.ShouldBe("confirm-by-mail", browser.Words);
        return browser;
    }

    /// <summary>To whom the result went, and whether with license and invoice.</summary>
    private async Task<List<(string To, bool License, bool Invoice)>> FilesAsync(TransferRequest request)
    {
        await using var db = _portal.Open();
        var mails = await db.Set<OutboxMessage>().AsNoTracking()
            .Where(m => m.Reference == request.Reference && m.Kind == "transfer-completed").ToListAsync();
        return [.. mails.Select(m => (m.ToAddress, Has(m, ".lshlic"), Has(m, ".pdf")))];

        static bool Has(OutboxMessage mail, string end) => mail.Attachments.Any(a => a.FileName.EndsWith(end, StringComparison.Ordinal));
    }
}
