using System.Security.Claims;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Who acts in the staff area, as the sign-in said it when the circuit or request began. It proves nothing by itself:
/// <see cref="StaffGate"/> holds it against the database in the transaction of each act.
/// </summary>
/// <param name="Stamp">Of the account at the sign-in or the last check; another one in the database means that the sign-in has
/// ended.</param>
/// <param name="Network">The network (IPv4 /24, IPv6 /48).</param>
/// <param name="Session">The <see cref="UserSession"/>; ended, it allows nothing.</param>
internal sealed record StaffActor(
    Guid Id, string Name, string Stamp, SignInStrength Strength, DateTimeOffset AuthenticatedAt, string? Network, Guid Session)
{
    /// <summary>As the sign-in knew them, for what a page offers; the gate asks the database.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Null for a principal that no sign-in of ours made.</summary>
    public static StaffActor? From(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
        && SignInClaims.StampOf(principal) is { } stamp
        && SignInClaims.AuthTimeOf(principal) is { } authenticatedAt
        && SignInClaims.SessionOf(principal) is { } session
            ? new StaffActor(
                id,
                principal.FindFirstValue(SignInClaims.DisplayName) ?? "",
                stamp,
                SignInClaims.StrengthOf(principal),
                authenticatedAt,
                principal.FindFirstValue(SignInClaims.Network),
                session)
            {
                Roles = [.. principal.FindAll(ClaimTypes.Role).Select(role => role.Value)],
            }
            : null;

    public Actor AsActor() => new(ActorKind.Staff, Id, Name, Network);
}
