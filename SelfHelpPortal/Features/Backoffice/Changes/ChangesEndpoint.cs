using System.ComponentModel;
using System.Globalization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Backoffice.Changes;

/// <summary><c>GET /api/v1/backoffice/changes</c></summary>
internal static class ChangesEndpoint
{
    private const int UsualLimit = 100;

    public static void MapChanges(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/changes", GetAsync)
        .WithName("listChanges")
        .WithTags(ApiDocument.Backoffice)
        .WithSummary("Lists what happened to licenses, orders and invoices since a place in the history, oldest first")
        .WithDescription(
            "Begin without since, keep next and give it as since the next time. Nothing is left out, also of what is written at the "
                + "same moment; an event that is not finished yet holds back those behind it for as long. Each scope tells of its own: "
                + "licenses and flags, orders (transfers), invoices.")
        .Produces<ChangesReply>()
        .RequiresScope(ListChanges.Scopes)
        .ProducesProblems((StatusCodes.Status400BadRequest, ApiProblems.InvalidRequest))
        .WithReplyExample(ApiExample.From(BackofficeExamples.Changes, BackofficeJson.Default.ChangesReply));

    private static async Task<IResult> GetAsync(
        [Description("next of the answer before; without it everything.")] string? since,
        [Description("1 to 500; without it 100.")] string? limit,
        HttpContext context,
        ListChanges list,
        BackofficeProblems problems)
    {
        var (first, most) = (0L, (long)UsualLimit);
        var problem = since is not null && !TryRead(since, long.MaxValue, out first) ? new FieldProblem("Field.Since", "since")
            : limit is not null && !(TryRead(limit, ListChanges.MostAtOnce, out most) && most > 0)
                ? new FieldProblem("Field.Limit", "limit", ListChanges.MostAtOnce)
            : null;
        return problems.Unreadable(problem) ?? (IResult)TypedResults.Json(
            await list.ExecuteAsync(TokenCaller.From(context).Scopes, first, (int)most, context.RequestAborted),
            BackofficeJson.Default.ChangesReply);
    }

    private static bool TryRead(string text, long most, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}
