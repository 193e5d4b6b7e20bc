using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// <c>appsettings.sample.json </c> is the documentation of the configuration, so it has exactly the keys that the portal reads.
/// </summary>
[Trait("Needs", "Database")]
public class SampleConfigurationTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    // Keys of ASP.NET Core itself.
    private static readonly string[] Framework = ["Urls", "Logging:"];

    private static readonly string Sample = File.ReadAllText(Repository.At("appsettings.sample.json"));

    [Fact]
    public void The_sample_has_every_key_that_is_read_and_no_other()
    {
        var known = Sections().SelectMany(s => SettingsShape.PathsOf(s.Type, s.Name)).ToArray();

        Unknown(KeysOf(Sample), known).ShouldBeEmpty("in the sample, but no options class knows it");
        known.Except(KeysOf(Sample)).ShouldBeEmpty("read by an options class, but missing in the sample");
        SecretFiles.Keys.Where(k => Sections().Any(s => k.StartsWith(s.Name + ":", StringComparison.Ordinal)))
            .SelectMany(k => (string[])[k, k + "File"]).Except(known).ShouldBeEmpty("a secret that no options class knows");
    }

    [Fact]
    public void A_wrong_key_would_be_noticed()
    {
        var known = Sections().SelectMany(s => SettingsShape.PathsOf(s.Type, s.Name)).ToArray();

        Unknown(KeysOf("""{ "PublicUrl": "", "PublicUri": "", "Database": { "Migrate": true }, "Urls": "" }"""), known)
            .ShouldBe(["PublicUri", "Database:Migrate"]);
    }

    [Fact]
    public void Every_value_of_the_sample_binds()
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Sample));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();

        foreach (var section in Sections().Where(s => s.Name.Length > 0))
        {
            Should.NotThrow(() => configuration.GetSection(section.Name).Get(section.Type, o => o.ErrorOnUnknownConfiguration = true),
                section.Name);
        }

        configuration.GetSection("Database").Get<DatabaseOptions>()!.MigrateOnStart.ShouldBe(false);
        configuration.GetSection("Proxy").Get<ProxyOptions>()!.KnownNetworks.ShouldBe(["127.0.0.1/32", "::1/128"]);
    }

    private IEnumerable<SettingsSection> Sections() => portal.Services.GetServices<SettingsSection>();

    private static IEnumerable<string> Unknown(IEnumerable<string> keys, string[] known) =>
        keys.Where(k => !known.Contains(k) && !Framework.Any(f => k.StartsWith(f, StringComparison.Ordinal)));

    private static IEnumerable<string> KeysOf(string json)
    {
        using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip });
        return [.. Flatten(document.RootElement, "")];
    }

    private static IEnumerable<string> Flatten(JsonElement element, string prefix) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(p => Flatten(p.Value, prefix.Length == 0 ? p.Name : $"{prefix}:{p.Name}"))
        : [prefix];
}
