using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>
/// Asks for a token before anything of a request is read. Missing, unknown, revoked and expired tokens get one answer, and only the
/// header is looked at: what stands in an address ends up in logs.
/// </summary>
internal sealed class TokenGate(
    IDbContextFactory<PortalDbContext> contexts, AttemptLimiter limiter, RateLimits limits, ApiProblems problems, TimeProvider time)
{
    public const string Unauthorized = "UNAUTHORIZED";
    public const string MissingScope = "MISSING_SCOPE";

    private const string Scheme = "Bearer";
    private static readonly TimeSpan LastUseEvery = TimeSpan.FromMinutes(1);

    /// <param name="scopes">Each of them alone is enough.</param>
    public async Task RunAsync(HttpContext context, IReadOnlyList<string> scopes, RequestDelegate next)
    {
        var (now, caller) = (time.GetUtcNow(), Caller.From(context));
        var given = context.Request.Headers.Authorization.ToString();
        var token = await FindAsync(given, now, context.RequestAborted);
        if (token is null)
        {
            await RefuseAsync(context, caller, given.Length > 0, now);
        }
        else if (limits.Request(caller.Address, now) is { } wait)
        {
            await TooManyAsync(context, now, now + wait);
        }
        else if (!scopes.Any(token.Scopes.Contains))
        {
            var scope = scopes[0];
            context.Response.Headers.WWWAuthenticate = $"{Scheme} error=\"insufficient_scope\", scope=\"{scope}\"";
            var problem = problems.Failed(StatusCodes.Status403Forbidden, MissingScope, new FieldProblem("MissingScope", scope));
            await new ProblemResult(problem with { MissingScope = scope }).ExecuteAsync(context);
        }
        else
        {
            await NoteUseAsync(token, now, context.RequestAborted);
            context.Features.Set(new TokenCaller(token.Id, token.Name, token.Scopes, caller.IpPrefix));
            await next(context);
        }
    }

    /// <summary>The one answer to whoever has no token that counts.</summary>
    public ProblemResult NoToken(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = Scheme;
        return new ProblemResult(problems.Failed(StatusCodes.Status401Unauthorized, Unauthorized));
    }

    private async Task<ApiToken?> FindAsync(string header, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var given)
            || !string.Equals(given.Scheme, Scheme, StringComparison.OrdinalIgnoreCase)
            || ApiTokenSecret.From(given.Parameter ?? "") is not { } secret)
        {
            return null;
        }

        var hash = secret.Hash();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.SecretHash == hash, cancellationToken) is { } token
            && token.IsUsable(now)
            ? token
            : null;
    }

    /// <summary>
    /// What was wrong counts for its source; a program with a right token is never asked here, so no stranger shuts it out.
    /// </summary>
    private async Task RefuseAsync(HttpContext context, Caller caller, bool wasGiven, DateTimeOffset now)
    {
        if (wasGiven)
        {
            var counted = await limiter.RecordFailureAsync(AttemptSubjects.ForToken(caller.Address), now, context.RequestAborted);
            if (!counted.Allowed)
            {
                await TooManyAsync(context, now, counted.RetryAt);
                return;
            }
        }

        await NoToken(context).ExecuteAsync(context);
    }

    private Task TooManyAsync(HttpContext context, DateTimeOffset now, DateTimeOffset retryAt)
    {
        var problem = problems.Failed(StatusCodes.Status429TooManyRequests, ApiProblems.RateLimited) with
        {
            NextAllowedAt = retryAt,
            RetryAfter = (int)Math.Clamp(Math.Ceiling((retryAt - now).TotalSeconds), 1, int.MaxValue),
        };
        return new ProblemResult(problem).ExecuteAsync(context);
    }

    /// <summary>At most once a minute, and without waiting for an act that holds the row.</summary>
    private async Task NoteUseAsync(ApiToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - LastUseEvery;
        if (token.LastUsedAt > before)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE api_token SET last_used_at = {now.ToUniversalTime()} WHERE id = (
                 SELECT id FROM api_token WHERE id = {token.Id} AND (last_used_at IS NULL OR last_used_at <= {before.ToUniversalTime()})
                 FOR NO KEY UPDATE SKIP LOCKED)
             """,
            cancellationToken);
    }
}

internal static class TokenGateRouting
{
    /// <summary>
    /// Asks for a token with one of these scopes before the request's body is read, which a filter could not: filters run when it has been.
    /// </summary>
    public static RouteHandlerBuilder RequiresScope(this RouteHandlerBuilder endpoint, params string[] scopes)
    {
        endpoint.Add(builder =>
        {
            var handler = builder.RequestDelegate!;
            builder.RequestDelegate = context =>
                context.RequestServices.GetRequiredService<TokenGate>().RunAsync(context, scopes, handler);
        });
        return endpoint.WithMetadata(new NeedsScope(scopes))
            .ProducesProblems(
                (StatusCodes.Status401Unauthorized, TokenGate.Unauthorized),
                (StatusCodes.Status403Forbidden, TokenGate.MissingScope),
                (StatusCodes.Status429TooManyRequests, ApiProblems.RateLimited));
    }
}
