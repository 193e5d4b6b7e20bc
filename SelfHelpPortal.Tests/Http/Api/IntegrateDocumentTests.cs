using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>
/// docs/integrate.md is run as it stands, against a running portal on the machine's own clock: it cannot say what is not so.
/// </summary>
public sealed partial class IntegrateDocumentTests : IAsyncLifetime
{
    private readonly ApiPortal _portal = new()
    {
        Portal = new PortalFactory
        {
            Change = builder =>
            {
                builder.Services.RemoveAll<TimeProvider>();
                builder.Services.AddSingleton(TimeProvider.System);
            },
        },
    };

    private static string Document { get; } = File.ReadAllText(Repository.At("docs", "integrate.md"));

    public Task InitializeAsync() => _portal.InitializeAsync();

    public Task DisposeAsync() => _portal.DisposeAsync().AsTask();

    [Fact]
    public async Task The_worked_example_works_and_its_code_releases_the_computer()
    {
        var key = await _portal.LicenseAsync(ApiPortal.Beam);
        var (exit, output) = await RunAsync(Script(Document), key);

        exit.ShouldBe(0, output);
        Regex.Count(output, "^ok: ", RegexOptions.Multiline).ShouldBe(19, output);
        using var browser = new Browser(_portal.Portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        browser.Outcome.ShouldBe("confirm");
        await browser.SubmitAsync(("VerificationCode", VerificationCode().Match(output).Value));
        browser.Outcome.ShouldBe("released");
        await using var db = _portal.Portal.Open();
        db.Activations.Where(a => a.PcName == "EXAMPLE-B").Select(a => a.ReleasedBy).ShouldHaveSingleItem()
            .ShouldBe(ReleaseMethod.VerificationCode);
        db.Activations.Where(a => a.PcName == "EXAMPLE-A").Select(a => a.ReleasedBy).ShouldHaveSingleItem().ShouldBe(ReleaseMethod.InApp);
    }

    [Theory]
    [InlineData("lshp/$2/v1|", "lshp/$2/v2|", "the proof of the test vector")]
    [InlineData("lshp/hw/v1|%s", "lshp/hw/v2|%s", "the hardware code of the test vector")]
    [InlineData("POWER=(1 2 4 8 16 5", "POWER=(1 2 4 8 16 3", "an activation key and its check symbols")]
    [InlineData("answer < \"$work/answer\")\" answer", "answer < \"$work/answer\")\" license", "another kind of file")]
    public async Task A_document_that_says_it_wrong_is_found(string from, string to, string found)
    {
        Document.ShouldContain(from);
        var (exit, output) =
            await RunAsync(Script(Document.Replace(from, to, StringComparison.Ordinal)), await _portal.LicenseAsync(ApiPortal.Beam));

        exit.ShouldBe(1, output);
        output.ShouldContain("FAILED: " + found);
    }

    /// <summary>Every problem that an activation can have, and every answer of a check-in, has its line.</summary>
    [Fact]
    public async Task Every_code_of_the_API_is_in_the_document()
    {
        // The vendor's shop has a document of its own.
        var document = JsonNode.Parse(await _portal.Client.GetStringAsync("/openapi/v1.json"))!;
        var published = string.Join('\n', document["paths"]!.AsObject()
            .Where(path => !path.Key.StartsWith("/api/v1/backoffice/", StringComparison.Ordinal))
            .Select(path => path.Value!.ToJsonString()));
        var codes = ProblemCode().Matches(published).Select(m => m.Groups[1].Value)
            .Concat(Enum.GetValues<SelfHelpPortal.Licensing.CheckIn.CheckInCode>()
                .Select(c => Capital().Replace(c.ToString(), "_").ToUpperInvariant())).Distinct().ToList();

        codes.Count.ShouldBeGreaterThan(20);
        codes.Where(code => !Document.Contains($"`{code}`", StringComparison.Ordinal)
            && !Document.Contains($" {code}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Script(string document) => string.Join('\n', Blocks().Matches(document).Select(m => m.Groups[1].Value));

    private Task<(int Exit, string Output)> RunAsync(string script, string key) => ChildProcess.RunAsync(
        "bash", ["-c", script],
        new() { ["PORTAL"] = $"http://localhost:{_portal.Portal.Address.Port}", ["PRODUCT"] = ApiPortal.Beam, ["KEY"] = key });

    [GeneratedRegex(@"^```sh\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<= and then )D[0-9A-Z]{4}(-[0-9A-Z]{5}){2}")]
    private static partial Regex VerificationCode();

    [GeneratedRegex("""urn:selfhelp-portal:problem:([A-Z_]+)""")]
    private static partial Regex ProblemCode();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Capital();
}
