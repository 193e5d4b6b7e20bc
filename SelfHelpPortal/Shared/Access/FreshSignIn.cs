using System.Security.Claims;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Whether somebody proved who they are a short time ago, which is asked before a factor or something else of weight is changed
/// (security.md, section 2.4). Whoever did not is led to the page where they can.
/// </summary>
internal static class FreshSignIn
{
    public const string Path = "/account/step-up";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Staff who only showed a password have shown too little for anything.</summary>
    public static bool IsFresh(ClaimsPrincipal principal, DateTimeOffset now) =>
        now - SignInClaims.AuthTimeOf(principal) < Lifetime
        && (!StaffPolicy.HasRole(principal) || SignInClaims.StrengthOf(principal) is not SignInStrength.Password);

    /// <summary>The same for an act of a customer, in the act itself.</summary>
    public static bool IsFresh(CustomerActor actor, DateTimeOffset now) => now - actor.AuthenticatedAt < Lifetime;

    /// <summary>And for the acts of staff that ask for it by <see cref="StaffUseCaseAttribute.Fresh"/>.</summary>
    public static bool IsFresh(StaffActor actor, DateTimeOffset now) => now - actor.AuthenticatedAt < Lifetime;
}
