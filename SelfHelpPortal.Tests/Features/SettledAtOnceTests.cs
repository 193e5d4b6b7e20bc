using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features;

/// <summary>What nobody has to look at is settled when its owner confirms; everything else goes to staff, with the reason.</summary>
public class SettledAtOnceTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private static readonly TransferSetting Automatic = new(Review: TransferReview.Automatic, AwaitsOwner: true);

    private PortalFactory Portal => ground.Portal;

    [Theory]
    [InlineData("Fee")]
    [InlineData("Renewal")]
    public async Task It_is_settled_by_the_owners_button(string remedy)
    {
        var order = await Portal.AddTransferAsync(Automatic with { Remedy = Enum.Parse<TransferRemedy>(remedy) });

        await ConfirmAsync(order);

        (await order.ReadAsync())
            .ShouldSatisfyAllConditions(r => r.State.ShouldBe(TransferState.Completed), r => r.ReviewReasons.ShouldBeEmpty());
        (await order.Licenses[0].ReadAsync()).ActiveComputers.Single().Generation.ShouldBe(2);
        (await InvoicesAsync(order)).ShouldBe(1);
        (await KindsAsync(order)).ShouldBe(["transfer-completed"]);
    }

    [Fact]
    public async Task Where_the_license_follows_the_payment_the_invoice_goes_out_at_once()
    {
        var order = await Portal.AddTransferAsync(Automatic with { Issue = LicenseIssue.OnPayment });

        await ConfirmAsync(order);

        (await order.ReadAsync()).State.ShouldBe(TransferState.Accepted);
        (await KindsAsync(order)).ShouldBe(["transfer-invoice"]);
    }

    [Theory]
    [InlineData("policy", ReviewReason.Policy)]
    [InlineData("VAT id", ReviewReason.VatIdNotConfirmed)]
    [InlineData("consumer abroad", ReviewReason.TaxUndecided)]
    [InlineData("third country", ReviewReason.PriceTooOld)]
    [InlineData("suspended", ReviewReason.LicenseStanding)]
    [InlineData("old price", ReviewReason.PriceTooOld)]
    [InlineData("unwritable", ReviewReason.SettlingRefused)]
    public async Task What_is_doubtful_goes_to_staff_and_nothing_else_happens(string why, ReviewReason expected)
    {
        var order = await Portal.AddTransferAsync(Automatic with
        {
            Review = why == "policy" ? TransferReview.ByStaff : TransferReview.Automatic,
            Contact = c => why switch
            {
                "VAT id" => c with { Country = "AT", City = "Wien", VatId = "ATU12345675" },
                "consumer abroad" => c with { Company = null, Country = "AT" },
                "third country" => c with { Country = "CH" },
                "unwritable" => c with { Company = "Muster \U00013000 GmbH" },
                _ => c,
            },
        });
        if (why == "suspended")
        {
            await order.Licenses[0].SuspendAsync();
        }
        else if (why == "old price")
        {
            Portal.Clock.Advance(TimeSpan.FromDays(31));
        }

        await ConfirmAsync(order);

        var request = await order.ReadAsync();
        (request.State, request.ConfirmedAt, request.AcceptedAt).ShouldBe((TransferState.InReview, Portal.Clock.Now, null));
        request.ReviewReasons.ShouldBe([expected]);
        (await order.Licenses[0].ReadAsync()).Activations.ShouldHaveSingleItem().IsActive.ShouldBeTrue();
        (await InvoicesAsync(order)).ShouldBe(0);
        (await KindsAsync(order)).ShouldBe(["staff-transfer"]);
        if (why == "unwritable")
        {
            (await ground.MailsAsync("staff-transfer", order.Reference)).ShouldHaveSingleItem().CopyText.ShouldContain("U+13000");
            await using var db = Portal.Open();
            (await db.Events.Include(e => e.Detail).Where(e => e.Stream == order.Id).OrderBy(e => e.Seq).LastAsync()).Detail!.Text!
                .ShouldContain("U+13000", customMessage: "the case says why");
        }
    }

    [Fact]
    public async Task An_owner_who_is_signed_in_settles_it_by_ordering()
    {
        var tills = await Tills.AddAsync(Portal, policy: Tills.Policy with { Review = TransferReview.Automatic });
        var owner = await CustomerUser.CreateAsync(Portal, tills.CustomerId);
        await using var db = Portal.Open();
        var license = await db.Licenses.AsNoTracking().SingleAsync(l => l.Number == tills.Numbers[0]);
        var now = Portal.Clock.Now;
        var drafts = ground.Use<TransferDrafts>();
        var begun = await drafts.BeginAsync(
            new TransferDraft
            {
                ProductId = tills.ProductId,
                LicenseId = license.Id,
                LicenseAsked = true,
                Remedy = TransferRemedy.Fee,
                Items = [new DraftItem(Tills.Code("KASSE-NEU-1"), null)],
                HardwareRead = true,
                Contact = new DraftContact
                {
                    Company = "Muster Gastro GmbH",
                    Name = "Einkauf",
                    Email = owner.Email,
                    Street = "Musterstraße 1",
                    PostalCode = "12345",
                    City = "Musterstadt",
                    Country = "DE"
                },
            },
            AttemptSubjects.DraftOf(LinkPurpose.TransferDraft, owner.Id),
            now,
            default);
        var token = begun.Page.ShouldNotBeNull();
        var offer =
            (await ground.Use<ShowDraft>().ExecuteAsync(token, "de", now, default))!.Offers.Single(o => o.Remedy == TransferRemedy.Fee);
        await drafts.ChangeAsync(token, d => d with { Shown = offer.Shown }, now, default);

        for (var pressed = 0; pressed < 2; pressed++)
        {
            var result = await ground.Use<OrderTransfer>()
                .ExecuteAsync(token, "de", false, new Caller(null), await owner.ActorAsync(), now, default);
            result!.Outcome.ShouldBe(OrderOutcome.Ordered);
        }

        var request = await db.Transfers.AsNoTracking().SingleAsync(r => r.CustomerId == tills.CustomerId);
        request.State.ShouldBe(TransferState.Completed);
        (await db.Invoices.CountAsync(i => i.TransferRequestId == request.Id)).ShouldBe(1);
        // Who ordered is an owner and has said where the license goes; the address on file gets it all the same.
        request.OrdererGetsLicense.ShouldBeTrue();
        (await tills.MailsAsync(request.Reference!)).Where(m => m.Kind == "transfer-completed").Select(m => m.ToAddress)
            .ShouldBe([owner.Email, tills.Owner], ignoreOrder: true);
    }

    private async Task ConfirmAsync(SampleTransfer order)
    {
        var token = await order.Licenses[0].LinkAsync(LinkPurpose.TransferConfirm, order.Id);
        var view = (await ground.Use<ConfirmTransfer>()
            .ExecuteAsync(token, new OwnerAgreement(), new Caller(null), person: null, Portal.Clock.Now, default)).ShouldNotBeNull();
        view.Outcome.ShouldBe(ConfirmOutcome.Submitted);
        view.Request.State.ShouldBe((await order.ReadAsync()).State);
    }

    private async Task<int> InvoicesAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        return await db.Invoices.CountAsync(i => i.TransferRequestId == order.Id);
    }

    private async Task<IEnumerable<string>> KindsAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        return (await db.Set<OutboxMessage>().Where(m => m.Reference == order.Reference).Select(m => m.Kind).ToListAsync()).Distinct()
            .Order(StringComparer.Ordinal);
    }
}
