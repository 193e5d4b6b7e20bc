using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>HEAD is answered as GET, without the body, by every endpoint.</summary>
[Collection(nameof(HostileInput))]
public class HeadTests(MatrixPortal prepared)
{
    /// <summary>They differ from one answer to the next, whatever the method, or belong to the body that is not sent.</summary>
    private static readonly string[] OfOneAnswer = ["Date", "Set-Cookie", "Transfer-Encoding", "Content-Length", "Last-Modified", "ETag"];

    [Fact]
    public async Task Every_endpoint_answers_HEAD_as_GET()
    {
        var people = (Person[])[Person.Anonymous, Person.Owner, Person.Administrator];
        foreach (var person in people)
        {
            // A session that is due is renewed by its first answer, whatever the method, and by that one only.
            await AskAsync(person, HttpMethod.Get, "/");
        }

        var faults = new List<string>();
        foreach (var path in AuthorizationMatrix.Endpoints.Select(line => line.Split(" | ")).Where(columns => !columns[0].Contains(' '))
            .Select(columns => prepared.Address(columns[1])))
        {
            foreach (var person in people)
            {
                var (get, head) = (await AskAsync(person, HttpMethod.Get, path), await AskAsync(person, HttpMethod.Head, path));
                if (head.Text != get.Text)
                {
                    faults.Add($"{path} as {person}: GET {get.Text}, HEAD {head.Text}");
                }

                head.Body.ShouldBe(0, path);
            }
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_monitor_gets_its_answer()
    {
        foreach (var path in (string[])["/", "/release", "/privacy", "/.well-known/jwks.json", "/api/v1/blocklist", "/healthz/ready",
            "/vendor.css", "/theme.css", "/favicon.svg", "/robots.txt"])
        {
            (await RawHttp.SendAsync(prepared.Portal.Address, $"HEAD {path} HTTP/1.1")).ShouldSatisfyAllConditions(
                answer => answer.Status.ShouldBe(200, path), answer => answer.Body.ShouldBeEmpty(path));
        }
    }

    private async Task<(string Text, int Body)> AskAsync(Person person, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await prepared.BrowserOf(person).SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => !OfOneAnswer.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return ($"{(int)answer.StatusCode} {string.Join(" | ", headers.Order(StringComparer.Ordinal))}",
            (await answer.Content.ReadAsByteArrayAsync()).Length);
    }
}
