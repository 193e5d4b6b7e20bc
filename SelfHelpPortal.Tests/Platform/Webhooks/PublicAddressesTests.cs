using System.Net;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Platform.Webhooks;

namespace SelfHelpPortal.Tests.Platform.Webhooks;

public class PublicAddressesTests
{
    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.0.1")]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void The_internet_is_public(string address) => PublicAddresses.Contains(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456:789a::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void What_only_the_server_can_reach_is_not(string address) => PublicAddresses.Contains(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("https://shop.example/hook", false, true)]
    [InlineData(" https://shop.example:8443/hook?key=1 ", false, true)]
    [InlineData("http://shop.example/hook", false, false)]
    [InlineData("http://shop.example/hook", true, false)]
    [InlineData("http://localhost:5000/hook", false, false)]
    [InlineData("http://localhost:5000/hook", true, true)]
    [InlineData("http://127.0.0.1/hook", true, true)]
    [InlineData("http://10.0.0.1/hook", true, false)]
    [InlineData("https://user:x@shop.example/", false, false)]
    [InlineData("https://shop.example/#part", false, false)]
    [InlineData("ftp://shop.example/", true, false)]
    [InlineData("file:///etc/passwd", true, false)]
    [InlineData("javascript:alert(1)", true, false)]
    [InlineData("/hook", true, false)]
    [InlineData("shop.example", true, false)]
    [InlineData("", true, false)]
    public void An_address_is_https_or_http_on_the_own_machine_where_that_is_allowed(string typed, bool allowPrivate, bool isOne) =>
        (WebhookUrl.Read(typed, allowPrivate) is not null).ShouldBe(isOne);

    [Fact]
    public void Retries_spread_from_seconds_to_hours()
    {
        var waits = Enumerable.Range(1, 12).Select(n => WebhookQueue.WaitAfter(n, 0)).ToList();

        waits.ShouldBe(waits.Order());
        (waits[0], waits[^1]).ShouldBe((TimeSpan.FromSeconds(5), TimeSpan.FromHours(8)));
        WebhookQueue.WaitAfter(1, 1).ShouldBe(TimeSpan.FromSeconds(5.5));
        WebhookQueue.WaitAfter(1, -1).ShouldBe(TimeSpan.FromSeconds(4.5));
    }
}
