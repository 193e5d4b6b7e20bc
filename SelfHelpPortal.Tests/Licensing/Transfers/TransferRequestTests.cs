using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Transfers;

public class TransferRequestTests
{
    private static readonly DateTimeOffset Now = A.Morning;

    private delegate Outcome<TransferRequest> Act(TransferRequest request, DateTimeOffset now);

    private static readonly Dictionary<string, (Act Act, TransferState[] From)> Acts = new()
    {
        ["Order"] = ((r, now) => r.Order(Support.Transfers.Order(), RequestReference.New(), A.ProductId, null, now), [TransferState.Draft]),
        ["Confirm"] = ((r, now) => r.Confirm(now), [TransferState.AwaitingConfirmation]),
        ["Review"] = ((r, now) => r.Review([ReviewReason.Policy], now), [TransferState.Submitted]),
        ["Ask"] = ((r, now) => r.Ask("Which till?", now), [TransferState.InReview, TransferState.NeedsAnswer]),
        ["Answer"] = ((r, now) => r.Answer("The left one", now), [TransferState.NeedsAnswer]),
        ["Accept"] = ((r, now) => r.Accept(now), [TransferState.Submitted, TransferState.InReview, TransferState.NeedsAnswer]),
        ["Complete"] = ((r, now) => r.Complete(now), [TransferState.Accepted]),
        ["Decline"] = ((r, now) => r.Decline("Not ours", now),
            [TransferState.Submitted, TransferState.InReview, TransferState.NeedsAnswer, TransferState.Accepted]),
        ["Withdraw"] = ((r, now) => r.Withdraw(now),
            [TransferState.AwaitingConfirmation, TransferState.Submitted, TransferState.InReview, TransferState.NeedsAnswer]),
        ["GiveWay"] = ((r, now) => r.GiveWay(now), [TransferState.AwaitingConfirmation]),
        ["Expire"] = ((r, now) => r.Expire(now), [TransferState.Draft, TransferState.AwaitingConfirmation]),
    };

    public static TheoryData<string> Names() => [.. Acts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_act_is_possible_in_its_states_and_changes_nothing_in_all_others(string name)
    {
        var (act, from) = Acts[name];
        var muchLater = Now.AddDays(20);
        foreach (var state in Enum.GetValues<TransferState>())
        {
            var request = Support.Transfers.In(state);
            request.State.ShouldBe(state);
            var outcome = act(request, muchLater);

            outcome.Succeeded.ShouldBe(from.Contains(state), $"{name} in {state}");
            if (outcome.Succeeded)
            {
                request.ChangedAt.ShouldBe(muchLater);
            }
            else
            {
                request.State.ShouldBe(state);
                request.ChangedAt.ShouldNotBe(muchLater);
            }
        }
    }

    [Fact]
    public void A_request_without_a_known_owner_goes_past_the_confirmation()
    {
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(Support.Transfers.Order(identified: false), RequestReference.New(), A.ProductId, null, Now).ShouldSucceed();

        request.State.ShouldBe(TransferState.Submitted);
        request.IsIdentified.ShouldBeFalse();
        request.Accept(Now).ShouldBeRefused(Refusal.Conflict);
    }

    [Fact]
    public void Staff_identify_what_the_customer_could_not()
    {
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(Support.Transfers.Order(identified: false), RequestReference.New(), A.ProductId, null, Now).ShouldSucceed();
        request.Review([ReviewReason.NotIdentified], Now).ShouldSucceed();
        var (license, activation, owner) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        request.Identify(request.Items[0], license, activation, owner, Now).ShouldSucceed();

        request.IsIdentified.ShouldBeTrue();
        request.CustomerId.ShouldBe(owner);
        request.Items[0].IdentifiedBy.ShouldBe(TransferIdentification.Staff);
        request.Accept(Now).ShouldSucceed();
    }

    [Fact]
    public void A_license_of_another_owner_is_not_taken()
    {
        var request = Support.Transfers.In(TransferState.InReview);
        request.Identify(request.Items[0], Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Now).ShouldBeRefused(Refusal.Conflict);
    }

    [Theory]
    [InlineData(TransferState.Submitted, true)]
    [InlineData(TransferState.InReview, true)]
    [InlineData(TransferState.Accepted, true)]
    [InlineData(TransferState.AwaitingConfirmation, false)]
    [InlineData(TransferState.Completed, false)]
    [InlineData(TransferState.Withdrawn, false)]
    public void Only_a_confirmed_request_under_way_holds_its_computer(TransferState state, bool holds) =>
        Support.Transfers.In(state).Items.ShouldAllBe(i => i.IsOpen == holds);

    [Theory]
    [InlineData(TransferState.Draft)]
    [InlineData(TransferState.AwaitingConfirmation)]
    public void Nothing_expires_before_14_days(TransferState state)
    {
        var request = Support.Transfers.In(state);
        request.Expire(Now.AddDays(14).AddSeconds(-1)).ShouldBeRefused(Refusal.Conflict);
        request.Expire(Now.AddDays(14)).ShouldSucceed();
    }

    [Fact]
    public void Question_and_answer_are_kept_in_order()
    {
        var request = Support.Transfers.In(TransferState.InReview);
        request.Ask("Which till?", Now.AddHours(1)).ShouldSucceed();
        request.Answer("The left one", Now.AddHours(2)).ShouldSucceed();

        request.Messages.Select(m => (m.FromCustomer, m.Text)).ShouldBe([(false, "Which till?"), (true, "The left one")]);
    }

    [Fact]
    public void A_price_holds_for_30_days()
    {
        var price = Support.Transfers.Order().Price;

        price.Holds(price.ShownAt.AddDays(30).AddSeconds(-1)).ShouldBeTrue();
        price.Holds(price.ShownAt.AddDays(30)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, 100, true)]
    [InlineData(60, 61, false)]
    [InlineData(60, 60, true)]
    [InlineData(60, 0, true)]
    [InlineData(60, -400, true)]
    [InlineData(60, null, true)]
    public void Renewal_is_offered_towards_the_end_of_the_subscription(int? within, int? daysToEnd, bool offered)
    {
        var today = new DateOnly(2026, 3, 4);
        var policy = new TransferPolicy { RenewalSku = "R", RenewalOfferedWithinDays = within };

        policy.OffersRenewal(daysToEnd is { } days ? today.AddDays(days) : null, today).ShouldBe(offered);
        (policy with { RenewalSku = null }).OffersRenewal(today, today).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("F", null, true)]
    [InlineData(null, "R", true)]
    [InlineData("F", "R", true)]
    public void A_transfer_is_offered_for_a_fee_or_with_a_renewal(string? fee, string? renewal, bool offered) =>
        new TransferPolicy { FeeSku = fee, RenewalSku = renewal }.IsOffered.ShouldBe(offered);

    [Fact]
    public void The_products_own_words_are_in_the_readers_language()
    {
        var policy = new TransferPolicy
        {
            WhereIsTheHardwareCodeDe = "Unten",
            WhereIsTheHardwareCodeEn = "Below"
        };

        policy.WhereIsTheHardwareCode("de").ShouldBe("Unten");
        policy.WhereIsTheHardwareCode("en").ShouldBe("Below");
    }

    [Fact]
    public void A_draft_knows_nothing_yet()
    {
        var draft = new TransferRequest { CreatedAt = Now };

        (draft.ProductId, draft.Language, draft.IsIdentified, draft.IsStatedOnly, draft.IsOwnerShown, draft.IsUntouched)
            .ShouldBe(("", "de", false, false, false, false));
    }

    [Fact]
    public void An_order_keeps_what_was_ordered_in_its_order()
    {
        var two = Support.Transfers.Order() with
        {
            Items = [.. Support.Transfers.Order().Items, .. Support.Transfers.Order(identified: false).Items],
            WorkingPcs = [new OrderedPc("Kasse 1", A.Hardware("KASSE-1")), new OrderedPc(null, A.Hardware("KASSE-2"))],
            Language = "en",
        };
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(two, RequestReference.New(), A.ProductId, null, Now).ShouldSucceed();

        request.Items.Select(i => (i.Position, i.NewPcName, i.AppVersion, i.StatedLicense))
            .ShouldBe([(1, "KASSE-NEU", "1.0", null), (2, null, null, "L-9999")]);
        request.WorkingPcs.Select(pc => (pc.Position, pc.Name, pc.HardwareCode, pc.RequestId))
            .ShouldBe([(1, "Kasse 1", A.Hardware("KASSE-1"), request.Id), (2, null, A.Hardware("KASSE-2"), request.Id)]);
        (request.ProductId, request.Language, request.CustomerId, request.IsIdentified)
            .ShouldBe((A.ProductId, "en", two.CustomerId, false));
        new TransferRequest { CreatedAt = Now }.Order(two with { Items = [] }, RequestReference.New(), A.ProductId, null, Now)
            .ShouldBeRefused(Refusal.Conflict);
    }

    /// <summary>A number or serial is only a name: whoever typed it is shown nothing of the license or its owner.</summary>
    [Theory]
    [InlineData(null, TransferIdentification.Key, false, true)]
    [InlineData(null, TransferIdentification.Elimination, false, true)]
    [InlineData(null, TransferIdentification.None, false, true)]
    [InlineData("L-1043", TransferIdentification.None, true, false)]
    [InlineData("L-1043", TransferIdentification.Stated, true, false)]
    [InlineData("L-1043", TransferIdentification.Elimination, false, false)]
    public void What_was_only_stated_shows_nothing(string? stated, TransferIdentification by, bool isStatedOnly, bool isOwnerShown)
    {
        foreach (var owner in (Guid?[])[Guid.NewGuid(), null])
        {
            var order = Support.Transfers.Order() with
            {
                CustomerId = owner,
                Items = [new(A.Hardware("KASSE-NEU"), null, null, stated, Guid.NewGuid(), Guid.NewGuid(), by)]
            };
            var request = new TransferRequest { CreatedAt = Now };
            request.Order(order, RequestReference.New(), A.ProductId, null, Now).ShouldSucceed();

            (request.IsStatedOnly, request.IsOwnerShown).ShouldBe((isStatedOnly, isOwnerShown && owner is not null));
        }
    }

    [Fact]
    public void An_order_is_untouched_until_the_owner_or_staff_do_something()
    {
        var untouched = Enum.GetValues<TransferState>().Where(state => Support.Transfers.In(state).IsUntouched);
        untouched.ShouldBe([TransferState.AwaitingConfirmation], "the owner has confirmed all others or they are over");

        var noOwner = new TransferRequest { CreatedAt = Now };
        noOwner.Order(Support.Transfers.Order(identified: false), RequestReference.New(), A.ProductId, null, Now).ShouldSucceed();
        noOwner.IsUntouched.ShouldBeTrue();
        noOwner.Review([ReviewReason.NotIdentified], Now).ShouldSucceed();
        noOwner.IsUntouched.ShouldBeTrue();
        noOwner.Ask("Which till?", Now).ShouldSucceed();
        noOwner.IsUntouched.ShouldBeFalse();
        noOwner.Answer("The left one", Now).ShouldSucceed();
        (noOwner.State, noOwner.IsUntouched).ShouldBe((TransferState.InReview, false));
    }

    [Fact]
    public void An_order_is_over_one_way_or_another() =>
        Enum.GetValues<TransferState>().Where(state => Support.Transfers.In(state).IsOver)
            .ShouldBe([TransferState.Completed, TransferState.Declined, TransferState.Withdrawn, TransferState.Expired]);

    [Fact]
    public void Staff_identify_each_computer_once_and_only_while_they_look_at_the_order()
    {
        var order = Support.Transfers.Order(identified: false);
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(order with { Items = [order.Items[0], order.Items[0]] }, RequestReference.New(), A.ProductId, null, Now)
            .ShouldSucceed();
        var (license, activation, owner) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        request.Identify(request.Items[0], license, activation, owner, Now).ShouldBeRefused(Refusal.Conflict);
        request.Review([ReviewReason.NotIdentified], Now).ShouldSucceed();

        request.Identify(request.Items[0], license, activation, owner, Now).ShouldSucceed();
        request.Identify(request.Items[0], license, activation, owner, Now).ShouldSucceed();
        request.Identify(request.Items[1], license, activation, owner, Now).ShouldBeRefused(Refusal.Conflict);
        request.Identify(request.Items[1], license, activationId: null, owner, Now).ShouldSucceed();
        request.IsIdentified.ShouldBeFalse();
        request.Identify(request.Items[0], license, activationId: null, owner, Now).ShouldSucceed();
        request.Identify(request.Items[0], license, activation, owner, Now).ShouldSucceed();
        request.Identify(request.Items[1], Guid.NewGuid(), Guid.NewGuid(), owner, Now).ShouldSucceed();
        request.IsIdentified.ShouldBeTrue();

        var foreign = Support.Transfers.In(TransferState.InReview).Items[0];
        request.Identify(foreign, license, Guid.NewGuid(), owner, Now).ShouldBeRefused(Refusal.Conflict);
        request.Ask("?", Now).ShouldSucceed();
        request.Identify(request.Items[0], license, activation, owner, Now).ShouldSucceed();
        request.Accept(Now).ShouldSucceed();
        request.Identify(request.Items[0], license, activation, owner, Now).ShouldBeRefused(Refusal.Conflict);
    }

    [Fact]
    public void A_VAT_id_is_looked_up_while_staff_look_at_the_order_and_where_there_is_one()
    {
        var check = new VatIdCheck("DE123456789", VatIdResult.FormatOnly);
        Enum.GetValues<TransferState>()
            .ShouldAllBe(state => !Support.Transfers.In(state).CheckVatId(check, Now).Succeeded, "none was given");

        var order = Support.Transfers.Order();
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(order with { Contact = order.Contact with { VatId = "DE123456789" } }, RequestReference.New(), A.ProductId, null, Now)
            .ShouldSucceed();
        request.Confirm(Now).ShouldSucceed();
        request.CheckVatId(check, Now).ShouldBeRefused(Refusal.Conflict);
        request.Review([ReviewReason.VatIdNotConfirmed], Now).ShouldSucceed();
        request.CheckVatId(check, Now.AddHours(1)).ShouldSucceed();
        (request.VatIdCheck, request.State, request.ChangedAt).ShouldBe((check, TransferState.InReview, Now.AddHours(1)));
        request.Ask("?", Now).ShouldSucceed();
        request.CheckVatId(check, Now).ShouldSucceed().State.ShouldBe(TransferState.NeedsAnswer);
        request.Accept(Now).ShouldSucceed();
        request.CheckVatId(check, Now).ShouldBeRefused(Refusal.Conflict);
    }

    [Fact]
    public void The_reason_of_a_refusal_is_kept_and_a_refusal_that_fails_changes_no_reason()
    {
        var declined = Support.Transfers.In(TransferState.InReview);
        declined.Decline("Not ours", Now).ShouldSucceed().StaffReason.ShouldBe("Not ours");
        declined.Decline("Once more", Now).ShouldBeRefused(Refusal.Conflict);
        declined.StaffReason.ShouldBe("Not ours");
    }

    [Fact]
    public void An_order_has_its_14_days_from_when_it_was_sent()
    {
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(Support.Transfers.Order(), RequestReference.New(), A.ProductId, null, Now.AddDays(5)).ShouldSucceed();

        request.Expire(Now.AddDays(18)).ShouldBeRefused(Refusal.Conflict);
        request.Expire(Now.AddDays(19)).ShouldSucceed();
    }

    [Fact]
    public void While_the_owner_is_asked_the_first_item_of_each_license_waits()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var order = Support.Transfers.Order();
        OrderedItem Item(Guid? license) =>
            order.Items[0] with { LicenseId = license, ActivationId = license is null ? null : Guid.NewGuid() };
        var request = new TransferRequest { CreatedAt = Now };
        request.Order(order with { Items = [Item(one), Item(one), Item(other), Item(null)] }, RequestReference.New(), A.ProductId, null,
            Now).ShouldSucceed();
        request.Items.Select(i => (i.IsWaiting, i.IsOpen)).ShouldBe([(true, false), (false, false), (true, false), (false, false)]);

        request.Confirm(Now).ShouldSucceed();

        request.Items.ShouldAllBe(i => !i.IsWaiting && i.IsOpen);
    }

    [Fact]
    public void A_policy_that_cannot_be_meant_is_named()
    {
        new ProductPolicies().Problems().ShouldBeEmpty();
        var wrong = new TransferPolicy
        {
            FeeSku = "X",
            RenewalSku = "X",
            RenewalOfferedWithinDays = -1,
            RenewalInfoUrl = "javascript:alert(1)",
            WhereIsTheHardwareCodeDe = "Unten"
        };

        var problems = new ProductPolicies { Transfer = wrong }.Problems().ToList();
        foreach (var setting in new[] { "renewalSku", "renewalOfferedWithinDays", "renewalInfoUrl", "whereIsTheHardwareCodeEn" })
        {
            problems.ShouldContain(p => p.Id == "transfer." + setting, setting);
        }
    }
}
