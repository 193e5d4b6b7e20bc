using System.Net;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Tests.Platform.Web;

public class WebRulesTests
{
    [Theory]
    [InlineData("/D/0G000000000000000000000000000000", "/D/***")]
    [InlineData("/d/0g000000000000000000000000000000", "/D/***")]
    [InlineData("/release/confirm/abc", "/release/***")]
    [InlineData("/object/abc", "/object/***")]
    [InlineData("/activate/abc/file", "/activate/***")]
    [InlineData("/account/reset/abc", "/account/***")]
    [InlineData("/release", "/release")]
    [InlineData("/D/", "/D/")]
    [InlineData("/Data/x", "/Data/x")]
    public void A_path_with_a_secret_is_masked(string path, string shown) => LinkRoutes.Masked(path).ShouldBe(shown);

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24", "203.0.113.77/32")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24", "203.0.113.77/32")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2::/64")]
    public void An_address_is_kept_as_a_network(string address, string network, string subject)
    {
        ClientAddress.Prefix(IPAddress.Parse(address), 24, 48).ShouldBe(network);
        ClientAddress.Prefix(IPAddress.Parse(address), 32, 64).ShouldBe(subject);
    }

    [Theory]
    [InlineData("/staff", true)]
    [InlineData("/Staff/licenses/L-1043", true)]
    [InlineData("/staffing", false)]
    [InlineData("/", false)]
    public void Only_the_staff_area_is_interactive(string path, bool staff) => StaffArea.Contains(path).ShouldBe(staff);

    [Fact]
    public void No_setting_makes_the_framework_log_paths_or_circuits()
    {
        var options = new LoggerFilterOptions();
        options.Rules.Add(new LoggerFilterRule(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, null));
        options.Rules.Add(new LoggerFilterRule("Console", "Microsoft.AspNetCore.Components.Server.Circuits", LogLevel.Trace, null));
        options.Rules.Add(new LoggerFilterRule(null, "SelfHelpPortal", LogLevel.Debug, null));
        options.Rules.Add(new LoggerFilterRule(null, null, LogLevel.Debug, null));

        WebLogging.Floor(options);

        options.Rules.Select(rule => rule.LogLevel).ShouldBe([LogLevel.Warning, LogLevel.Information, LogLevel.Debug, LogLevel.Debug]);
    }
}
