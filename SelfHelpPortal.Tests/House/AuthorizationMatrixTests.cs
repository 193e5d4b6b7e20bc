using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>
/// T6: who gets in where. Every use case and every endpoint has a line in <see cref="AuthorizationMatrix"/>, and each line is tried for
/// real.
/// </summary>
[Trait("Needs", "Database")]
public class AuthorizationMatrixTests(MatrixPortal prepared) : IClassFixture<MatrixPortal>
{
    private static readonly Person[] People = Enum.GetValues<Person>();

    [Fact]
    public void Every_use_case_has_a_line() => Differences(
        AuthorizationMatrix.UseCases.Select(line => Columns(line)[0]),
        UseCase.FindAll(typeof(Program).Assembly.GetTypes()).Select(u => u.Name))
        .ShouldBeEmpty();

    [Fact]
    public void Every_endpoint_has_a_line() =>
        Differences(AuthorizationMatrix.Endpoints.Select(line => Columns(line)[0]), Endpoints().Select(e => e.Name)).ShouldBeEmpty();

    [Fact]
    public void A_new_one_without_a_line_is_found()
    {
        UseCase.FindAll([typeof(SelfHelpPortal.Features.Sample.Forgotten), typeof(AuthorizationMatrixTests)]).Select(u => u.Name)
            .ShouldBe(["Sample.Forgotten", "Sample.Forgotten.ShowAsync"]);
        Differences(["/known", "/gone"], ["/known", "/new"]).ShouldBe(["/gone does not exist", "/new has no line"]);
    }

    /// <summary>The pages first, since the acts leave their traces on what is shown.</summary>
    [Fact]
    public async Task Every_line_is_true()
    {
        (await WrongAnswersAsync()).ShouldBeEmpty();
        (await WrongCallsAsync()).ShouldBeEmpty();
    }

    private async Task<List<string>> WrongAnswersAsync()
    {
        var methods = Endpoints().GroupBy(e => e.Name).ToDictionary(same => same.Key, same => same.First().Method);
        var wrong = new List<string>();
        foreach (var columns in AuthorizationMatrix.Endpoints.Select(Columns).Where(c => methods.ContainsKey(c[0])))
        {
            var expected = columns[2].Split(' ') is [var all] ? [.. Enumerable.Repeat(all, People.Length)] : columns[2].Split(' ');
            var path = prepared.Address(columns[1]);
            var answers = await Task.WhenAll(People.Select(person => prepared.AskAsync(person, methods[columns[0]], path)));
            if (!answers.SequenceEqual(expected))
            {
                wrong.Add(
                    $"{columns[0]} | {columns[1]} | {(answers.Distinct().Count() == 1 ? answers[0] : string.Join(' ', answers))} instead "
                        + $"of {columns[2]}");
            }
        }

        return wrong;
    }

    private async Task<List<string>> WrongCallsAsync()
    {
        var useCases = UseCase.FindAll(typeof(Program).Assembly.GetTypes()).ToLookup(u => u.Name);
        var tried =
            from columns in AuthorizationMatrix.UseCases.Select(Columns)
            where AuthorizationMatrix.Groups.ContainsKey(columns[1])
            orderby Array.IndexOf(AuthorizationMatrix.Last, columns[0])
            from useCase in useCases[columns[0]]
            select (useCase, AuthorizationMatrix.Groups[columns[1]]);
        var wrong = new List<string>();
        foreach (var (useCase, allowed) in tried)
        {
            // Those who may not come first, and with the customer's own things; whoever of staff may, with nobody's.
            foreach (var person in People.OrderBy(p => allowed.Contains(p)))
            {
                var ofStaff = allowed.Contains(Person.Administrator);
                var before = useCase.IsAct ? await prepared.RefusalsAsync(useCase, person) : 0;
                var (refused, says) = await prepared.CallAsync(useCase, person, harmless: ofStaff && allowed.Contains(person));
                var isIn = refused is null ? says : !(refused is "SignInEnded" or "NotPermitted" || (refused is "NotFound" && !ofStaff));
                if (isIn != allowed.Contains(person))
                {
                    wrong.Add($"{useCase.Name} as {person}: {(isIn ? "let in" : "kept out")} ({refused ?? "no refusal"})");
                }

                if (useCase.IsAct && !isIn && await prepared.RefusalsAsync(useCase, person) != before + 1)
                {
                    wrong.Add($"{useCase.Name} as {person}: the refusal is not in the event log");
                }
            }
        }

        return wrong;
    }

    private static string[] Columns(string line) => line.Split(" | ");

    private static IEnumerable<string> Differences(IEnumerable<string> lines, IEnumerable<string> existing)
    {
        var (named, real) = (lines.ToHashSet(), existing.ToHashSet());
        return [.. named.Except(real).Select(name => $"{name} does not exist"),
            .. real.Except(named).Order(StringComparer.Ordinal).Select(name => $"{name} has no line")];
    }

    /// <summary>
    /// Pages, downloads and everything else that is mapped; the files of the site, which are everybody's, are not told apart.
    /// </summary>
    private IEnumerable<(string Name, string Method)> Endpoints() =>
        from endpoint in prepared.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
        let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
        let method = methods is null || methods.Contains("GET") || methods.Contains("HEAD") ? "GET" : methods[0]
        select ((method == "GET" ? "" : method + " ") + "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), method);
}
