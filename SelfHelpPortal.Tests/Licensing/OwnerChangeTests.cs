using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

public class OwnerChangeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);
    private static readonly OwnerChangePrice Price = new(Guid.NewGuid(), 49_00);

    [Fact]
    public void Data_are_changed_once_the_licensee_agrees_and_staff_have_looked()
    {
        var (change, license) = Sent(OwnerChangeKind.Data);

        change.Complete(license.CustomerId, invoice: null, Now).Succeeded.ShouldBeFalse("nobody has agreed");
        change.TakerAgrees(Price, Now).Succeeded.ShouldBeFalse("nobody takes over");
        change.OwnerAgrees(Price, Now).ShouldSucceed();
        change.OwnerAgrees(Price, Now).Succeeded.ShouldBeFalse("once");
        (change.State, change.Price).ShouldBe((OwnerChangeState.InReview, Price));
        change.Complete(Guid.NewGuid(), null, Now).Succeeded.ShouldBeFalse("the licensee stays");
        change.Complete(license.CustomerId, null, Now).ShouldSucceed();
        (change.State, change.IsOver).ShouldBe((OwnerChangeState.Completed, true));
        change.Withdraw(Now).Succeeded.ShouldBeFalse("too late");
    }

    [Fact]
    public void A_license_is_taken_over_once_both_agree_in_their_order_and_the_new_one_pays()
    {
        var (change, license) = Sent(OwnerChangeKind.Takeover);

        change.TakerAgrees(Price, Now).Succeeded.ShouldBeFalse("the licensee is asked first");
        change.OwnerAgrees(Price, Now).ShouldSucceed();
        (change.State, change.WaitsForTaker, change.Price).ShouldBe((OwnerChangeState.AwaitingConfirmation, true, null));
        change.TakerAgrees(Price, Now).ShouldSucceed();
        (change.State, change.Price).ShouldBe((OwnerChangeState.InReview, Price));
        change.Complete(license.CustomerId, null, Now).Succeeded.ShouldBeFalse("it is the one who hands over");
        change.Complete(Guid.NewGuid(), null, Now).ShouldSucceed();
    }

    [Fact]
    public void What_belongs_to_no_license_can_be_agreed_to_by_nobody()
    {
        var change = OwnerChange.Begin(SampleOwnerChanges.Wish(OwnerChangeKind.Data, "p") with { StatedLicense = "L-9" }, Now);
        change.Send(license: null, Now).ShouldSucceed();

        change.OwnerAgrees(null, Now).Succeeded.ShouldBeFalse();
        change.Decline("Unbekannt", Now).ShouldSucceed();
    }

    [Fact]
    public void Questions_and_answers_take_turns()
    {
        var (change, _) = Sent(OwnerChangeKind.Data);
        change.Ask("Wer?", Now).Succeeded.ShouldBeFalse("nobody has agreed");
        change.OwnerAgrees(null, Now).ShouldSucceed();

        change.Ask("Wer?", Now).ShouldSucceed();
        change.Complete(change.CustomerId!.Value, null, Now).Succeeded.ShouldBeFalse("it waits for the answer");
        change.Reply("Ich.", Now).ShouldSucceed();
        change.Reply("Wir.", Now).Succeeded.ShouldBeFalse("nothing is asked");
        change.Ask("Noch etwas?", Now).ShouldSucceed();
        (change.Question, change.Answer).ShouldBe(("Noch etwas?", null));
    }

    [Fact]
    public void Time_ends_what_waits_and_not_what_was_agreed()
    {
        var (waiting, _) = Sent(OwnerChangeKind.Takeover);
        var (agreed, _) = Sent(OwnerChangeKind.Data);
        agreed.OwnerAgrees(null, Now).ShouldSucceed();

        waiting.Expire(Now + OwnerChange.Lifetime - TimeSpan.FromSeconds(1)).Succeeded.ShouldBeFalse();
        waiting.Expire(Now + OwnerChange.Lifetime).ShouldSucceed();
        agreed.Expire(Now + OwnerChange.Lifetime).Succeeded.ShouldBeFalse();
        OwnerChange.Begin(SampleOwnerChanges.Wish(OwnerChangeKind.Data, "p"), Now).Send(null, Now + OwnerChange.Lifetime)
            .Succeeded.ShouldBeFalse("a draft is too old");
    }

    [Fact]
    public void A_license_passes_once_no_case_is_open_and_to_somebody_else_only()
    {
        var license = A.License().License;
        var (former, next) = (license.CustomerId, Guid.NewGuid());

        license.PassTo(former).Succeeded.ShouldBeFalse();
        license.Suspend().ShouldSucceed();
        license.PassTo(next).Refused.Refusal.ShouldBe(Refusal.Suspended);
        license.Resume().ShouldSucceed();
        license.PassTo(next).ShouldSucceed();
        license.CustomerId.ShouldBe(next);
        license.Revoke(Now).ShouldSucceed();
        license.PassTo(former).Refused.Refusal.ShouldBe(Refusal.Revoked);
    }

    [Fact]
    public void Articles_that_cannot_be_meant_are_named()
    {
        new OwnershipPolicy { DataChangeSku = "A B", TransferSku = "A/B" }.Problems().Select(p => p.Id)
            .ShouldBe(["ownership.dataChangeSku", "ownership.transferSku"]);
        new OwnershipPolicy { DataChangeSku = "A", TransferSku = "A" }.Problems().Select(p => p.Id).ShouldBe(["ownership.transferSku"]);
        new OwnershipPolicy { DataChangeSku = "A", TransferSku = "B" }.Problems().ShouldBeEmpty();
    }

    private static (OwnerChange Change, License License) Sent(OwnerChangeKind kind)
    {
        var license = A.License().License;
        var change = OwnerChange.Begin(SampleOwnerChanges.Wish(kind, license.ProductId) with { StatedLicense = license.Number }, Now);
        change.Send(license, Now).ShouldSucceed();
        return (change, license);
    }
}
