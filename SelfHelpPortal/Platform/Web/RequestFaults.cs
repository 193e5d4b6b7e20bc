using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Turns the exceptions that are no fault of the program into their answers: a request that cannot be read, and a database that is away.
/// Everything else goes on to the exception handler, which logs it.
/// </summary>
internal sealed partial class RequestFaults(RequestDelegate next, ILogger<RequestFaults> log)
{
    /// <summary>Seconds. A restart or failover of PostgreSQL is over by then, and the words say "a minute".</summary>
    public const string RetryAfter = "60";

    /// <summary>For the case that even the page with the words cannot be drawn.</summary>
    private const string BareWords = "Bitte versuchen Sie es in einer Minute noch einmal.\nPlease try again in a minute.\n";

    public async Task InvokeAsync(HttpContext context)
    {
        var commits = CommitWatch.Begin();
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException unread) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await (FieldOf(unread.InnerException) is { } field
                ? UnreadableRequest.RefuseAsync(context, StatusCodes.Status400BadRequest, RequestFlaw.Field, field)
                : UnreadableRequest.RefuseAsync(context, unread.StatusCode, RequestFlaw.Body));
        }
        catch (Exception failure) when (!context.Response.HasStarted && InvalidTextException.IsCauseOf(failure))
        {
            context.Response.Clear();
            await UnreadableRequest.RefuseAsync(context, StatusCodes.Status400BadRequest, RequestFlaw.NotText);
        }
        catch (Exception failure) when (
            !context.Response.HasStarted && (DatabaseFaults.IsUnavailable(failure) || DatabaseFaults.IsOutcomeUnknown(failure)))
        {
            await RetryLaterAsync(context, failure, commits);
        }
    }

    private async Task RetryLaterAsync(HttpContext context, Exception failure, CommitWatch commits)
    {
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfter;
        if (UnreadableRequest.IsBeingAnswered(context))
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(BareWords, context.RequestAborted);
            return;
        }

        if (DatabaseFaults.IsOutcomeUnknown(failure))
        {
            // It may have been done: the words must not ask to repeat it blindly.
            context.Features.Set(new UnreadableRequest(RequestFlaw.OutcomeUnknown));
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Features.Set(new UnfinishedRequest(commits.HasSeenOne));
        }

        Away(log, ReasonOf(failure));
    }

    /// <summary>What the driver says, without the stack and without any value of a statement.</summary>
    private static string ReasonOf(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is PostgresException told)
            {
                return told.SqlState + " " + told.MessageText;
            }
        }

        return failure.GetBaseException().Message;
    }

    [LoggerMessage(1005, LogLevel.Warning, "The database is away for the moment, the request was answered with 503: {Reason}")]
    private static partial void Away(ILogger log, string reason);

    /// <summary>
    /// The field that JSON could not be read into, as in <c>$.generation </c>; null for anything that is not surely a name of ours.
    /// </summary>
    private static string? FieldOf(Exception? failure) =>
        failure is JsonException { Path: { } path } && FieldPath().Match(path) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\$\.([A-Za-z]{1,40})$", RegexOptions.NonBacktracking)]
    private static partial Regex FieldPath();
}
