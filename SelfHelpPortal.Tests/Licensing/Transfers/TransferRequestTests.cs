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
        ["Decline"] = ((r, now) => r.Decline("Not ours", now), [TransferState.Submitted, TransferState.InReview, TransferState.NeedsAnswer, TransferState.Accepted]),
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

    [Fact]
    public void A_policy_that_cannot_be_meant_is_named()
    {
        new ProductPolicies().Problems().ShouldBeEmpty();
        var wrong = new TransferPolicy { FeeSku = "X", RenewalSku = "X", RenewalOfferedWithinDays = -1, RenewalInfoUrl = "javascript:alert(1)", ChecklistDe = "1." };

        var problems = new ProductPolicies { Transfer = wrong }.Problems().ToList();
        foreach (var setting in new[] { "feeSku", "renewalOfferedWithinDays", "renewalInfoUrl", "checklistDe" })
        {
            problems.ShouldContain(p => p.Contains("transfer." + setting, StringComparison.Ordinal), setting);
        }
    }
}
