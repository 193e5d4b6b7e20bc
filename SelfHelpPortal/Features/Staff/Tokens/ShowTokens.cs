using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Tokens;

/// <param name="CreatedBy">The name of the account; null once it is gone.</param>
/// <param name="RevokedBy">The same.</param>
internal sealed record TokenLine(ApiToken Token, string? CreatedBy, string? RevokedBy);

/// <param name="Lines">Those that still count first, newest first.</param>
internal sealed record TokenList(IReadOnlyList<TokenLine> Lines);

/// <summary>The tokens of the vendor's programs, with those that ended.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowTokens(StaffReads reads)
{
    /// <summary>More than a vendor has; the oldest ones that ended are left out.</summary>
    private const int Most = 200;

    public Task<StaffAnswer<TokenList>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<TokenList>(typeof(ShowTokens), actor, audited: null, async db =>
        {
            var tokens = await db.ApiTokens.AsNoTracking()
                .OrderBy(t => t.RevokedAt != null || t.ExpiresAt <= now).ThenByDescending(t => t.CreatedAt).Take(Most)
                .Select(t => new
                {
                    Token = t,
                    CreatedBy = db.Users.Where(u => u.Id == t.CreatedBy).Select(u => u.DisplayName).FirstOrDefault(),
                    RevokedBy = db.Users.Where(u => u.Id == t.RevokedBy).Select(u => u.DisplayName).FirstOrDefault(),
                })
                .ToListAsync(cancellationToken);
            return new([.. tokens.Select(t => new TokenLine(t.Token, t.CreatedBy, t.RevokedBy))]);
        }, now, cancellationToken);
}
