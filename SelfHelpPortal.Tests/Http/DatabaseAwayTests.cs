using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>
/// The database is stopped under a running portal: every page and endpoint that needs it answers 503 with Retry-After and "Please try again
/// in a minute", and when it is back all is well without a restart. What is asked comes from the matrix of all endpoints and from the forms
/// of its pages.
/// </summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private OwnCluster? _cluster;
    private readonly MatrixPortal _prepared = new();

    public async Task InitializeAsync()
    {
        _cluster = await OwnCluster.StartAsync();
        _cluster.Serve(_prepared.Portal);
        await _prepared.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _prepared.DisposeAsync();
        _cluster?.Dispose();
    }

    [Fact]
    public async Task Everything_says_so_and_all_is_well_again_without_a_restart()
    {
        var forms = new RenderedForms(_prepared);
        var targets = await forms.FindAsync();
        var filled = new List<(FormTarget Target, RenderedForm Form)>();
        foreach (var target in targets)
        {
            filled.Add((target, (await forms.OpenAsync(target)).ShouldNotBeNull(target.Name)));
        }

        var paths = forms.Paths().Concat(targets.Select(t => t.Page)).Distinct().ToList();
        var before = await WalkAsync(paths);
        var clerk = await _prepared.StaffActorAsync(Person.Support);

        _cluster!.Stop();
        _prepared.Log.Clear();
        var faults = new List<string>();
        var refused = 0;
        foreach (var (asked, answer) in await WalkAsync(paths))
        {
            var healthy = before[asked];
            if (answer.Status == 503)
            {
                refused++;
                faults.AddRange(Wrong(answer, $"{asked.Person} {asked.Path}"));
                if (answer.Type == "text/html" && !answer.Body.Contains($"class=\"button\" href=\"{WebUtility.HtmlEncode(asked.Path)}\"",
                    StringComparison.Ordinal))
                {
                    faults.Add($"{asked.Person} {asked.Path}: the page does not lead back to itself");
                }
            }
            else if (answer.Status != healthy.Status || answer.Main != healthy.Main)
            {
                faults.Add($"{asked.Person} {asked.Path}: {healthy.Status} before, {answer.Status} while the database is away");
            }
        }

        foreach (var (target, form) in filled)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, form.Action)
            { Content = new FormUrlEncodedContent(form.Fields.Select(Plausible)) };
            var answer = await ReadAsync(target.Person, request);
            if (answer.Status == 503)
            {
                refused++;
                faults.AddRange(Wrong(answer, $"POST {target.Name}"));
                if (answer.Type == "text/html" && !answer.Body.Contains("nicht gespeichert", StringComparison.Ordinal)
                    && !answer.Body.Contains("has not been saved", StringComparison.Ordinal))
                {
                    faults.Add($"POST {target.Name}: the page does not say what became of what was sent");
                }
            }
            else if (!NeedsNoDatabase(form, answer))
            {
                faults.Add($"POST {target.Name}: {answer.Status} while the database is away");
            }
        }

        foreach (var (path, body) in Calls(_prepared.Portal.Clock.Now))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
            request.Headers.Add("Accept-Language", "de");
            var answer = await ReadAsync(Person.Anonymous, request);
            faults.AddRange(Wrong(answer, path));
            refused++;
        }

        faults.ShouldBeEmpty();
        refused.ShouldBeGreaterThan(80);
        (await ReadAsync(Person.Anonymous, new HttpRequestMessage(HttpMethod.Get, "/healthz/live"))).Status.ShouldBe(200);
        _prepared.Log.Lines.Where(line => line.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

        // Over an open circuit there is no status, but the same sentence.
        var services = _prepared.Portal.Services;
        (await services.GetRequiredService<ShowDesk>()
            .ExecuteAsync(clerk, _prepared.Portal.Clock.Now, default)).Refused.ShouldBe(StaffRefusal.Unavailable);
        (await services.GetRequiredService<SuspendLicense>()
            .ExecuteAsync(new StaffAct(Guid.NewGuid(), clerk, "Der Kunde hat angerufen"), Guid.NewGuid(), _prepared.Portal.Clock.Now,
                default))
            .Refused.ShouldBe(StaffRefusal.Unavailable);

        _cluster.StartAgain();
        // Each connection of the pool that broke fails one request more.
        foreach (var asked in before)
        {
            await Eventually.BecomesTrueAsync(async () =>
                (await ReadAsync(asked.Key.Person, new HttpRequestMessage(HttpMethod.Get, asked.Key.Path))).Status == asked.Value.Status);
        }

        using var fresh = new Browser(_prepared.Portal);
        await fresh.GetAsync("/release");
        fresh.Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>
    /// What was typed is refused, or leads to the sign-in, or is nobody's link by its form alone, or concerns only the browser.
    /// </summary>
    private static bool NeedsNoDatabase(RenderedForm form, Answer answer) =>
        answer.Status is 400 or 422
        || answer.Location?.Contains(SiteLinks.SignIn, StringComparison.Ordinal) == true
        || (answer.Status == 404 && form.Action.Contains("/none", StringComparison.Ordinal))
        || form.Action.StartsWith("/culture", StringComparison.Ordinal)
        || form.Action.StartsWith("/kit", StringComparison.Ordinal);

    /// <summary>What is wrong with an answer that should be 503; nothing when it is as it should be.</summary>
    private static IEnumerable<string> Wrong(Answer answer, string asked)
    {
        if (answer.Status != 503)
        {
            yield return $"{asked}: {answer.Status} instead of 503";
        }

        if (!int.TryParse(answer.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > 300)
        {
            yield return $"{asked}: Retry-After is '{answer.RetryAfter}'";
        }

        if (answer.Type == "application/problem+json"
            ? JsonNode.Parse(answer.Body)!["code"]!.GetValue<string>() != "UNAVAILABLE"
            : answer.Type != "text/plain" && !answer.Body.Contains("in einer Minute noch einmal", StringComparison.Ordinal)
            && !answer.Body.Contains("try again in a minute", StringComparison.Ordinal))
        {
            yield return $"{asked}: does not say to try again ({answer.Type})";
        }
    }

    private async Task<Dictionary<(Person Person, string Path), Answer>> WalkAsync(IEnumerable<string> paths)
    {
        var answers = new Dictionary<(Person, string), Answer>();
        foreach (var path in paths)
        {
            foreach (var person in People(path))
            {
                answers[(person, path)] = await ReadAsync(person, new HttpRequestMessage(HttpMethod.Get, path));
            }
        }

        return answers;
    }

    private static Person[] People(string path) => path.StartsWith("/staff", StringComparison.Ordinal) ? [Person.Administrator]
        : path.StartsWith("/my", StringComparison.Ordinal) ? [Person.Owner] : [Person.Anonymous, Person.Owner];

    private async Task<Answer> ReadAsync(Person person, HttpRequestMessage request)
    {
        using var sent = request;
        using var answer = await _prepared.BrowserOf(person).SendAsync(sent);
        var body = await answer.Content.ReadAsStringAsync();
        var main = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(body).QuerySelector("h1")?.TextContent ?? "";
        return new((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.RetryAfter?.ToString(),
            answer.Headers.Location?.ToString(), main, body);
    }

    /// <summary>One honest call of each endpoint of the API.</summary>
    private static IEnumerable<(string Path, HttpContent Body)> Calls(DateTimeOffset now)
    {
        yield return ("/api/v1/activations", Body(ApiExamples.Activate));
        yield return ("/api/v1/activations/7K3M9Q2X5W8T0/check", Body(ApiExamples.Check with { Ts = now.ToUnixTimeSeconds() }));
        yield return ("/api/v1/activations/7K3M9Q2X5W8T0/release", Body(ApiExamples.Release with { Ts = now.ToUnixTimeSeconds() }));
        yield return ("/api/v1/offline-activations", new StringContent(ApiExamples.RequestFile, Encoding.UTF8, "text/plain"));
    }

    private static StringContent Body<T>(T body) => new(JsonSerializer.Serialize(body, Json), Encoding.UTF8, "application/json");

    private static KeyValuePair<string, string> Plausible(FormField field) => new(field.Name, field switch
    {
        { Value.Length: > 0 } => field.Value,
        { Type: "email" } => SampleLicense.Owner,
        { Type: "password" } => CustomerUser.Password,
        { Type: "checkbox" } => "true",
        { Name: "ActivationKey" } => ApiExamples.Activate.ActivationKey!,
        { Name: "Code" } => "123456",
        { Name: "Reference" } => "T-1",
        { IsText: true } => "Muster",
        _ => field.Value,
    });

    private sealed record Answer(int Status, string? Type, string? RetryAfter, string? Location, string Main, string Body);
}
