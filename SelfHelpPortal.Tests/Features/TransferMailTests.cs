using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features;

/// <summary>
/// An order writes to the owner of a license, whoever sends it: so many orders neither fill the mailbox nor keep other mails out of it.
/// </summary>
public sealed class TransferMailTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;
    private int _pcs;

    [Fact]
    public async Task A_strangers_orders_are_taken_and_write_to_the_owner_so_often_a_day()
    {
        var tills = await Tills.AddAsync(_portal, count: 9);

        // From one address three, from several six: the rest waits for the next day.
        for (var till = 0; till < 4; till++)
        {
            await OrderAsync(tills, till, "198.51.100.1");
        }

        (await ConfirmMailsAsync(tills)).ShouldBe(3);
        for (var till = 4; till < 9; till++)
        {
            await OrderAsync(tills, till, $"198.51.100.{till}");
        }

        (await ConfirmMailsAsync(tills)).ShouldBe(6);
        await using var db = _portal.Open();
        (await db.Transfers.CountAsync(r => r.CustomerId == tills.CustomerId && r.State == TransferState.AwaitingConfirmation)).ShouldBe(9);

        _portal.Clock.Advance(TimeSpan.FromHours(24));
        await _portal.WriteAskedMailsAsync();
        (await ConfirmMailsAsync(tills)).ShouldBe(9);
    }

    [Fact]
    public async Task What_strangers_order_refuses_no_mail_and_no_order_of_the_owner()
    {
        var tills = await Tills.AddAsync(_portal, count: 9);
        var owner = await CustomerUser.CreateAsync(_portal, tills.CustomerId);
        for (var till = 0; till < 7; till++)
        {
            await OrderAsync(tills, till, $"203.0.113.{till}");
        }

        (await ConfirmMailsAsync(tills)).ShouldBe(6);
        using (var browser = portal.Open())
        {
            await browser.GetAsync("/lost-key");
            await browser.SubmitAsync(("Email", tills.Owner));
        }

        (await _portal.MailsToAsync(tills.Owner)).ShouldContain(m => m.Kind == "lost-key");

        // With the key the owner is asked at once, and an owner who is signed in is not asked at all.
        await OrderAsync(tills, 7, "203.0.113.1", byKey: true);
        (await ConfirmMailsAsync(tills)).ShouldBe(7);
        await OrderAsync(tills, 8, "203.0.113.1", byKey: true, await owner.ActorAsync());
        (await ConfirmMailsAsync(tills)).ShouldBe(7);
        await using var db = _portal.Open();
        (await db.Transfers.CountAsync(r => r.CustomerId == tills.CustomerId && r.ConfirmedAt != null)).ShouldBe(1);
    }

    private async Task OrderAsync(Tills tills, int till, string address, bool byKey = false, CustomerActor? person = null)
    {
        var (now, source) = (_portal.Clock.Now, IPAddress.Parse(address));
        await using var db = _portal.Open();
        var number = tills.Numbers[till];
        var license = await db.Licenses.Where(l => l.Number == number).Select(l => l.Id).SingleAsync();
        var drafts = Use<TransferDrafts>();
        var begun = await drafts.BeginAsync(
            new TransferDraft
            {
                ProductId = tills.ProductId,
                LicenseId = byKey ? license : null,
                LicenseAsked = true,
                Remedy = TransferRemedy.Fee,
                Items = [new DraftItem(Tills.Code($"KASSE-NEU-{++_pcs}"), byKey ? null : number)],
                HardwareRead = true,
                Contact = new DraftContact
                {
                    Name = "Einkauf",
                    Email = "jemand@muster-gastro.example",
                    Street = "Musterstraße 1",
                    PostalCode = "12345",
                    City = "Musterstadt",
                    Country = "DE"
                },
            },
            AttemptSubjects.DraftFrom(LinkPurpose.TransferDraft, source),
            now,
            default);
        var token = begun.Page.ShouldNotBeNull();
        var offer = (await Use<ShowDraft>().ExecuteAsync(token, "de", now, default))!.Offers.Single(o => o.Remedy == TransferRemedy.Fee);
        await drafts.ChangeAsync(token, d => d with { Shown = offer.Shown }, now, default);
        var result = await Use<OrderTransfer>().ExecuteAsync(token, "de", false, new Caller(source), person, now, default);
        result.ShouldNotBeNull().Outcome.ShouldBe(OrderOutcome.Ordered);
    }

    private async Task<int> ConfirmMailsAsync(Tills tills)
    {
        await using var db = _portal.Open();
        return await db.Set<OutboxMessage>().CountAsync(m => m.ToAddress == tills.Owner && m.Kind == "transfer-confirm");
    }

    private T Use<T>()
        where T : notnull => _portal.Services.GetRequiredService<T>();
}
