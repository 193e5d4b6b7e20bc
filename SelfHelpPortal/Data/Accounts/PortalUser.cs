using Microsoft.AspNetCore.Identity;

namespace SelfHelpPortal.Data.Accounts;

/// <summary>A person who signs in: staff, and later customers.</summary>
internal sealed class PortalUser : IdentityUser<Guid>
{
    /// <summary>What colleagues read beside an act ("unlocked by …").</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Language of the pages and mails of this person: <c>de</c> or <c>en</c>.</summary>
    public string Culture { get; set; } = "de";

    /// <summary>The last TOTP step that was accepted; each step counts once.</summary>
    public long LastTotpStep { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
