using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Mail.Bounces;

/// <summary>What a program posts: the words of RFC 3464.</summary>
/// <param name="MessageId">Of our mail, with or without angle brackets.</param>
/// <param name="Action"><c>failed</c> or <c>delayed</c>; others are taken and change nothing.</param>
/// <param name="Status">The enhanced status code, such as <c>5.1.1</c>.</param>
/// <param name="Reply">What the last server said.</param>
internal sealed record PostedBounce(string? MessageId, string? Action, string? Status, string? Reply);

/// <summary>For mail services that tell by webhook what came back, through a few lines of the operator's that translate.</summary>
internal static class BounceEndpoint
{
    public const string Path = "/mail/bounces";
    private const int LargestBody = 65_536;

    public static void MapBounces(this WebApplication app) =>
        app.MapPost(Path, PostAsync).WithMetadata(new RequestSizeLimitAttribute(LargestBody)).DisableAntiforgery()
            .ExcludeFromDescription();

    private static async Task<IResult> PostAsync(
        HttpContext context, IOptions<MailOptions> options, TakeBounce take, TimeProvider time)
    {
        if (options.Value.Bounces.Token is not { Length: > 0 } token)
        {
            return Results.NotFound();
        }

        if (!BearerToken.Has(context.Request, token))
        {
            return Results.Unauthorized();
        }

        PostedBounce? told;
        try
        {
            told = await JsonSerializer.DeserializeAsync<PostedBounce>(
                context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (JsonException)
        {
            told = null;
        }

        if (told is not { MessageId: { Length: > 0 } id, Action: { Length: > 0 } action })
        {
            return Results.BadRequest();
        }

        var hasFailed = action.Equals("failed", StringComparison.OrdinalIgnoreCase);
        if (hasFailed || action.Equals("delayed", StringComparison.OrdinalIgnoreCase))
        {
            // Mails that are no longer known are no fault of the caller, who would only try again.
            await take.ExecuteAsync(
                new BounceReport(id.Trim().Trim('<', '>'), hasFailed, told.Status?.Trim() ?? "", told.Reply?.Trim() ?? ""),
                time.GetUtcNow(), context.RequestAborted);
        }

        return Results.NoContent();
    }
}
