using Microsoft.AspNetCore.Diagnostics;

namespace SelfHelpPortal.Platform.Web;

/// <summary>What is wrong with a request that nobody can act on.</summary>
internal enum RequestFlaw
{
    /// <summary>It holds characters that are not text.</summary>
    NotText,

    /// <summary>Its Content-Type names a character set that the portal does not read.</summary>
    Charset,

    /// <summary>Its body is compressed, which the portal does not read: a small one could become any size.</summary>
    Encoding,

    /// <summary>Its body ends early or does not have the form that its Content-Type promises.</summary>
    Body,

    /// <summary>One field of its JSON has the wrong type.</summary>
    Field,

    /// <summary>Its path has two slashes in a row, as when a base address and a path were joined.</summary>
    DoubleSlash,

    /// <summary>Nothing is wrong with it, but the database went away while it was being carried out: nobody knows whether it was.</summary>
    OutcomeUnknown,
}

/// <summary>Left on a refused request for whoever words the answer: the error page or the problem details.</summary>
/// <param name="Field">The name of the JSON field, for <see cref="RequestFlaw.Field"/>.</param>
internal sealed record UnreadableRequest(RequestFlaw Flaw, string? Field = null)
{
    /// <summary>Answers with the status alone; the middleware for status codes adds the words.</summary>
    public static Task RefuseAsync(HttpContext context, int status, RequestFlaw flaw, string? field = null)
    {
        context.Features.Set(new UnreadableRequest(flaw, field));
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Whether this is the second pass through the pipeline, which shows the error page for the first.</summary>
    public static bool IsBeingAnswered(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null;
}

/// <summary>Left on something sent that the database's absence broke off, for the error page.</summary>
/// <param name="PartlyDone">A part of it was committed, which may be all that its sender wanted.</param>
internal sealed record UnfinishedRequest(bool PartlyDone);
