using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>A subscription is renewed, and taken back while nobody has used it.</summary>
public class RenewalTests
{
    private static readonly Period Year = new(new DateOnly(2026, 12, 1), new DateOnly(2027, 11, 30));

    [Fact]
    public void A_renewal_extends_the_subscription_and_never_shortens_it()
    {
        var license = A.License().License;
        license.Renew(Year);
        license.MaintenanceUntil.ShouldBe(Year.To);
        license.Renew(new Period(new DateOnly(2025, 12, 1), new DateOnly(2026, 11, 30)));
        license.MaintenanceUntil.ShouldBe(Year.To);
    }

    [Fact]
    public void A_license_that_stands_still_or_is_over_is_not_renewed()
    {
        A.License().License.CheckRenewal(A.Morning).ShouldBeNull("without an end");
        var limited = A.License(expires: A.MorningOfDay(1)).License;
        limited.CheckRenewal(A.MorningOfDay(1).AddTicks(-1)).ShouldBeNull("it is not over yet");
        limited.CheckRenewal(A.MorningOfDay(1))!.Value.Refusal.ShouldBe(Refusal.Expired);

        limited.Suspend().ShouldSucceed();
        limited.CheckRenewal(A.MorningOfDay(1))!.Value.Refusal.ShouldBe(Refusal.Suspended, "the first reason is said");
        limited.Revoke(A.Morning).ShouldSucceed();
        limited.CheckRenewal(A.Morning)!.Value.Refusal.ShouldBe(Refusal.Revoked);

        var locked = A.License(policies: A.Strict).Replaced("old", by: "new");
        var flag = locked.See("old")!.Flag;
        locked.License.CheckRenewal(locked.Now).ShouldBe(new RefusalDetail(Refusal.Locked, CaseNumber: flag.Number));
    }

    [Theory]
    [InlineData(0, -1, true)]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(1, -1, false)]
    [InlineData(-1, -1, false)]
    public void A_renewal_is_taken_back_before_its_first_day_and_while_it_is_the_last(int daysBehind, int daysFromFirst, bool isTakenBack)
    {
        var license = A.License().License;
        license.MaintenanceUntil = Year.To.AddDays(daysBehind);

        license.TakeBack(Year, Year.From.AddDays(daysFromFirst)).ShouldBe(isTakenBack);

        license.MaintenanceUntil.ShouldBe(isTakenBack ? new DateOnly(2026, 11, 30) : Year.To.AddDays(daysBehind));
    }

    [Fact]
    public void Nothing_is_taken_back_from_a_license_without_a_subscription()
    {
        var license = A.License().License;

        license.TakeBack(Year, Year.From.AddDays(-1)).ShouldBeFalse();

        license.MaintenanceUntil.ShouldBeNull();
    }
}
