using System.Net;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Guessing;

namespace SelfHelpPortal.Tests.Platform.Guessing;

public class RateLimitsTests
{
    [Fact]
    public void Valid_requests_are_limited_by_address_and_check_ins_by_activation()
    {
        using var limits = new RateLimits(Options.Create(new GuessBudgetOptions { RequestsPerAddressAndMinute = 3, CheckInsPerActivationAndHour = 2 }));
        var (address, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));

        Enumerable.Range(0, 3).Select(_ => limits.Request(address)).ShouldAllBe(wait => wait == null);
        limits.Request(address)!.Value.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        limits.Request(other).ShouldBeNull();

        Enumerable.Range(0, 2).Select(_ => limits.CheckIn("0123456789ABC")).ShouldAllBe(wait => wait == null);
        limits.CheckIn("0123456789ABC")!.Value.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromHours(1));
        limits.CheckIn("ZYXWVTSRQPNMK").ShouldBeNull();
    }

    [Fact]
    public void A_limit_of_nothing_is_no_limit_and_stops_the_start()
    {
        new GuessBudgetOptions().Complaint().ShouldBeNull();
        new GuessBudgetOptions { WrongKeyPerAddress = new() { Count = 0, Minutes = 60 } }.Complaint()!.ShouldContain("WrongKeyPerAddress");
        new GuessBudgetOptions { CheckInsPerActivationAndHour = 0 }.Complaint().ShouldNotBeNull();
        new GuessBudgetOptions { PortalDelaySeconds = -1 }.Complaint().ShouldNotBeNull();
    }
}
