using Microsoft.Extensions.Configuration;
using SelfHelpPortal.Features.Staff.Setup;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The configuration of the machine, as an administrator sees it.</summary>
public class ShowConfigurationTests
{
    private const string Hidden = "hidden-1";

    [Fact]
    public void Nothing_secret_is_shown()
    {
        // Every key of the sample that takes a secret, and where one hides in a longer value.
        var lines = Read(new()
        {
            ["Mail:Smtp:Password"] = Hidden,
            ["Mail:Smtp:TokenCommand:0"] = "/usr/bin/token",
            ["Mail:Smtp:TokenCommand:1"] = Hidden,
            ["ConnectionStrings:Portal"] = $"Host=db.example.org;Database=portal;Username=app;Password={Hidden}", // not-a-secret
            ["ConnectionStrings:Migration"] = $"Nonsense={Hidden}",
            ["PublicUrl"] = $"https://user:{Hidden}@licenses.example.org",
            ["PATH"] = Hidden,
        });

        lines.ShouldAllBe(l => l.Value == null || !l.Value.Contains(Hidden));
        lines.Single(l => l.Key == "ConnectionStrings:Portal").Value.ShouldBe("app@db.example.org:5432/portal");
        lines.ShouldNotContain(l => l.Key == "PATH");
        lines.Single(l => l.Key == "Mail:Smtp:Password").Value.ShouldBeNull("that it is set is no secret");
    }

    [Fact]
    public void The_value_that_counts_is_shown_with_where_it_comes_from()
    {
        Environment.SetEnvironmentVariable("SHOWN_Mail__From", "environment@example.org");
        var root = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Mail:From"] = "memory@example.org", ["Mail:Workers"] = "2" })
            .AddJsonStream(new MemoryStream("{}"u8.ToArray()))
            .AddEnvironmentVariables("SHOWN_")
            .AddCommandLine(["--Mail:ReplyTo=line@example.org"])
            .Build();

        ShowConfiguration.Read(root).Select(l => (l.Key, l.Value, l.Source)).ShouldBe(
        [
            ("Mail:From", "environment@example.org", ConfigurationSource.Environment),
            ("Mail:ReplyTo", "line@example.org", ConfigurationSource.CommandLine),
            ("Mail:Workers", "2", ConfigurationSource.Program),
        ]);
    }

    [Fact]
    public void Every_section_of_the_sample_is_shown()
    {
        var sample = new ConfigurationBuilder().AddJsonFile(Repository.At("appsettings.sample.json")).Build();
        // Its one key is empty in the sample, and what is empty is not shown.
        sample["Brand:Folder"].ShouldBe("");
        sample["Brand:Folder"] = "brand";

        var shown = ShowConfiguration.Read(sample).Select(l => l.Key.Split(':')[0]).Distinct();

        shown.ShouldBe(sample.GetChildren().Select(s => s.Key), ignoreOrder: true);
        ShowConfiguration.Read(sample).ShouldAllBe(l => l.File == "appsettings.sample.json");
    }

    private static IReadOnlyList<ConfigurationLine> Read(Dictionary<string, string?> values) =>
        [.. ShowConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build())];
}
