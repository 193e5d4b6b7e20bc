using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Tokens of the backoffice API without the page that makes them.</summary>
internal static class ApiTokens
{
    /// <returns>The secret.</returns>
    public static async Task<string> AddTokenAsync(
        this PortalFactory portal, string[] scopes, string name = "Webshop", DateTimeOffset? expires = null, bool revoked = false)
    {
        var secret = ApiTokenSecret.New();
        await using var db = portal.Open();
        db.ApiTokens.Add(new ApiToken
        {
            Id = Guid.CreateVersion7(portal.Clock.Now),
            Name = name,
            Scopes = scopes,
            SecretHash = secret.Hash(),
            Prefix = secret.Prefix,
            CreatedBy = Guid.NewGuid(),
            CreatedAt = portal.Clock.Now,
            ExpiresAt = expires,
            RevokedAt = revoked ? portal.Clock.Now : null,
            RevokedBy = revoked ? Guid.NewGuid() : null,
        });
        await db.SaveChangesAsync();
        return secret.Text;
    }
}
