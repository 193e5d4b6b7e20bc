using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Features.Account;

namespace SelfHelpPortal.Data.Accounts;

/// <summary>By what somebody signed in.</summary>
internal enum SignInStrength
{
    Password,

    /// <summary>Password and a code of the authenticator app, or a recovery code.</summary>
    Totp,
    Passkey,
}

/// <summary>The claims that Identity does not have: how strong the sign-in was, and when.</summary>
internal static class SignInClaims
{
    public const string Strength = "strength";
    public const string AuthTime = "auth_time";
    /// <summary>Names the <see cref="UserSession"/>.</summary>
    public const string Session = "sid";
    public const string DisplayName = "display_name";

    /// <summary>The caller's network, added when a circuit is opened; there is no request to ask later.</summary>
    public const string Network = "network";

    private static readonly ClaimsIdentityOptions Identity = new();

    public static Claim[] Create(SignInStrength strength, DateTimeOffset now, Guid session) =>
    [
        new(Strength, strength switch
        {
            SignInStrength.Password => "password",
            SignInStrength.Totp => "totp",
            SignInStrength.Passkey => "passkey",
        }),
        new(AuthTime, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64),
        new(Session, session.ToString()),
    ];

    /// <summary>Whatever is not known to be stronger counts as a password.</summary>
    public static SignInStrength StrengthOf(ClaimsPrincipal principal) => principal.FindFirstValue(Strength) switch
    {
        "totp" => SignInStrength.Totp,
        "passkey" => SignInStrength.Passkey,
        _ => SignInStrength.Password,
    };

    /// <summary>The account's stamp at the sign-in or the last check.</summary>
    public static string? StampOf(ClaimsPrincipal principal) => principal.FindFirstValue(Identity.SecurityStampClaimType);

    public static Guid? SessionOf(ClaimsPrincipal principal) => Guid.TryParse(principal.FindFirstValue(Session), out var id) ? id : null;

    /// <summary>When the person proved who they are; null for a principal that no sign-in of ours made.</summary>
    public static DateTimeOffset? AuthTimeOf(ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(AuthTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>
    /// The stamp check makes a new principal from the database; what only the sign-in knew would vanish with the old one.
    /// </summary>
    public static void Keep(ClaimsPrincipal? old, ClaimsPrincipal? renewed)
    {
        if (old is null || renewed?.Identity is not ClaimsIdentity identity)
        {
            return;
        }

        foreach (var type in (string[])[Strength, AuthTime, Session])
        {
            if (old.FindFirst(type) is { } claim && !identity.HasClaim(c => c.Type == type))
            {
                identity.AddClaim(claim.Clone());
            }
        }
    }
}
