using System.Text.Json;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Staff.Tokens;

/// <summary>A token as somebody wants it.</summary>
/// <param name="Scopes">Words of <see cref="ApiScopes"/>.</param>
/// <param name="LastDay">In the vendor's zone; null: it does not expire.</param>
public sealed record WantedToken(string Name, IReadOnlyList<string> Scopes, DateOnly? LastDay);

/// <summary>Makes a token for a program of the vendor's.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class CreateToken(AdministrationActs acts, LocalTimes times)
{
    /// <param name="secret">
    /// Made by the page when it asks, so that the act may be sent again after a broken connection and the page still knows it.
    /// </param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, WantedToken wanted, ApiTokenSecret secret, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(CreateToken), actor, command, actor.Id, JsonSerializer.Serialize(wanted),
            db => CreateAsync(db, actor, wanted, secret, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> CreateAsync(
        PortalDbContext db, StaffActor actor, WantedToken wanted, ApiTokenSecret secret, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var name = wanted.Name.Trim();
        if (name.Length is 0 or > ApiToken.LongestName || name.Any(char.IsControl))
        {
            return StaffRefusal.TokenName;
        }

        string[] scopes = [.. ApiScopes.All.Where(wanted.Scopes.Contains)];
        if (scopes is [] || scopes.Length != wanted.Scopes.Distinct().Count())
        {
            return StaffRefusal.TokenScopes;
        }

        if (wanted.LastDay < times.Today(now))
        {
            return StaffRefusal.TokenDay;
        }

        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            Scopes = scopes,
            SecretHash = secret.Hash(),
            Prefix = secret.Prefix,
            CreatedBy = actor.Id,
            CreatedAt = now,
            ExpiresAt = wanted.LastDay is { } day ? times.EndOf(day) : null,
        };
        db.ApiTokens.Add(token);
        await AuditLog.AppendAsync(
            db, actor.Id, AuditKind.TokenCreated, token.Prefix, $"{name}: {string.Join(", ", scopes)}", now, cancellationToken);
        return StaffResult.Done;
    }
}
