using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>The sign-ins of an account. A new stamp ends them, except the one that asked for it (<see cref="PortalUserStore"/>).</summary>
internal sealed class UserSessions(
    IDbContextFactory<PortalDbContext> contexts, IHttpContextAccessor accessor, IOptions<AccountOptions> options)
{
    private static readonly TimeSpan SeenEvery = TimeSpan.FromHours(1);

    public async Task<Guid> BeginAsync(Guid user, SignInStrength strength, DateTimeOffset now)
    {
        var context = accessor.HttpContext;
        var session = new UserSession
        {
            Id = Guid.CreateVersion7(now),
            UserId = user,
            SignedInAt = now,
            LastSeenAt = now,
            Network = context is null ? "-" : ClientAddress.Network(context),
            Browser = BrowserName.From(context?.Request.Headers.UserAgent),
            Strength = strength,
        };
        await using var db = await contexts.CreateDbContextAsync();
        db.Add(session);
        await db.SaveChangesAsync();
        return session.Id;
    }

    /// <summary>The person proved again who they are.</summary>
    public async Task RenewAsync(Guid id, SignInStrength strength, DateTimeOffset now)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await db.Set<UserSession>().Where(s => s.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.SignedInAt, now).SetProperty(r => r.Strength, strength));
    }

    /// <summary>Whether the session that the cookie names goes on.</summary>
    public async Task<bool> SeeAsync(ClaimsPrincipal principal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (SignInClaims.SessionOf(principal) is not { } id
            || !Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var user))
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = db.Set<UserSession>().Where(s => s.Id == id && s.UserId == user && s.EndedAt == null);
        var seen = await open.Select(s => (DateTimeOffset?)s.LastSeenAt).SingleOrDefaultAsync(cancellationToken);
        if (now - seen >= SeenEvery)
        {
            await open.ExecuteUpdateAsync(s => s.SetProperty(r => r.LastSeenAt, now), cancellationToken);
        }

        return seen is not null;
    }

    /// <summary>Those that still open something, this one first.</summary>
    public async Task<IReadOnlyList<UserSession>> ListAsync(
        ClaimsPrincipal principal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var user))
        {
            return [];
        }

        var (idle, absolute) = options.Value.TimesOf(principal);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await db.Set<UserSession>().AsNoTracking()
            .Where(s => s.UserId == user && s.EndedAt == null && s.SignedInAt > now - absolute && s.LastSeenAt > now - idle - SeenEvery)
            .ToListAsync(cancellationToken);
        var here = SignInClaims.SessionOf(principal);
        return [.. open.OrderByDescending(s => s.Id == here).ThenByDescending(s => s.LastSeenAt)];
    }

    /// <summary>Ends one of this person's; a trigger tells the circuits.</summary>
    public async Task EndAsync(ClaimsPrincipal principal, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var user))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Set<UserSession>().Where(s => s.Id == id && s.UserId == user && s.EndedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.EndedAt, now), cancellationToken);
        }
    }

    /// <summary>Deletes what opens nothing any more.</summary>
    public async Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<UserSession>().Where(s => s.EndedAt < now - TimeSpan.FromDays(1) || s.SignedInAt < now - options.Value.LongestTime)
            .ExecuteDeleteAsync(cancellationToken);
        await db.Set<PasskeyUse>().Where(u => u.UsedAt < now - PasskeyUse.Remembered).ExecuteDeleteAsync(cancellationToken);
    }
}
