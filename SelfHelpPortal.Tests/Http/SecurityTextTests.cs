using System.Globalization;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>Who finds a hole finds whom to tell (RFC 9116).</summary>
public class SecurityTextTests
{
    [Theory]
    [InlineData("", "mailto:support@muster-software.example")]
    [InlineData("security@example.org", "mailto:security@example.org")]
    [InlineData("https://example.org/security", "https://example.org/security")]
    public async Task It_names_the_contact_and_never_ends_within_the_next_months(string setting, string contact)
    {
        await using var portal =
            new PortalFactory
            {
                Configuration =
                { ["Vendor:SecurityContact"] = setting, ["PublicUrl"] = "http://licenses.localhost:5080" }
            };
        await portal.InitializeAsync();

        (await FieldsAsync(portal)).ShouldBe([
            ("Contact", contact),
            ("Expires", "2027-05-15T00:00:00Z"),
            ("Preferred-Languages", "de, en"),
            ("Canonical", "http://licenses.localhost:5080/.well-known/security.txt"),
        ]);

        portal.Clock.Advance(TimeSpan.FromDays(400));
        var later = DateTimeOffset.Parse((await FieldsAsync(portal))[1].Value, CultureInfo.InvariantCulture);
        (later - portal.Clock.Now).ShouldBeInRange(TimeSpan.FromDays(179), TimeSpan.FromDays(364));
    }

    private static async Task<(string Name, string Value)[]> FieldsAsync(PortalFactory portal)
    {
        using var client = portal.CreateClient();
        client.DefaultRequestHeaders.Host = "licenses.localhost:5080";
        using var response = await client.GetAsync("/.well-known/security.txt");

        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldEndWith("\n");
        return [.. text.TrimEnd().Split('\n').Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1].TrimEnd('\r')))];
    }
}
