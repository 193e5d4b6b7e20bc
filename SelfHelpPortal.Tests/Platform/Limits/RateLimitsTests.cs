using System.Net;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Limits;

namespace SelfHelpPortal.Tests.Platform.Limits;

public class RateLimitsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 16, 12, 0, 0, TimeSpan.Zero);

    private readonly RateLimits _limits =
        new(Options.Create(new AttemptLimiterOptions { RequestsPerAddressAndMinute = 3, CheckInsPerActivationAndHour = 2 }));

    [Fact]
    public void Valid_requests_are_limited_by_address_and_check_ins_by_activation()
    {
        var (address, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        var (till, otherTill) = (Guid.NewGuid(), Guid.NewGuid());

        Enumerable.Range(0, 3).Select(_ => _limits.Request(address, Noon)).ShouldAllBe(wait => wait == null);
        _limits.Request(address, Noon.AddSeconds(20)).ShouldBe(TimeSpan.FromSeconds(40));
        _limits.Request(other, Noon).ShouldBeNull();

        Enumerable.Range(0, 2).Select(_ => _limits.CheckIn(till, Noon)).ShouldAllBe(wait => wait == null);
        _limits.CheckIn(till, Noon.AddMinutes(59)).ShouldBe(TimeSpan.FromMinutes(1));
        _limits.CheckIn(otherTill, Noon).ShouldBeNull();
    }

    [Fact]
    public void After_the_wait_it_goes_on()
    {
        var address = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < 3; i++)
        {
            _limits.Request(address, Noon);
        }

        var wait = _limits.Request(address, Noon.AddSeconds(7)).ShouldNotBeNull();

        _limits.Request(address, Noon.AddSeconds(7) + wait - TimeSpan.FromTicks(1)).ShouldNotBeNull();
        _limits.Request(address, Noon.AddSeconds(7) + wait).ShouldBeNull();
    }

    [Fact]
    public void Parallel_requests_get_no_more_than_their_share()
    {
        var till = Guid.NewGuid();

        var allowed = Enumerable.Range(0, 1000).AsParallel().Count(_ => _limits.CheckIn(till, Noon) is null);

        allowed.ShouldBe(2);
    }

    [Fact]
    public void A_limit_of_nothing_is_no_limit_and_stops_the_start()
    {
        new AttemptLimiterOptions().Validate().ShouldBeEmpty();
        new AttemptLimiterOptions { WrongKeyPerAddress = new() { Count = 0, Minutes = 60 } }.Validate().ShouldHaveSingleItem()
            .ShouldContain("WrongKeyPerAddress");
        new AttemptLimiterOptions { CheckInsPerActivationAndHour = 0 }.Validate().ShouldHaveSingleItem();
        new AttemptLimiterOptions { PortalDelaySeconds = -1 }.Validate().ShouldHaveSingleItem();
    }
}
