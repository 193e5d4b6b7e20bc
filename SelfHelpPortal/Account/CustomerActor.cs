using System.Security.Claims;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Account;

/// <summary>
/// Who acts under <c>/my</c>, as the cookie says it. It proves nothing by itself: <see cref="CustomerGate"/> holds it against the database in the
/// transaction of each act, and reads go through <see cref="Customers.Of"/>.
/// </summary>
/// <param name="Stamp">Of the account at the sign-in or the last check; another one in the database means that the sign-in has ended.</param>
/// <param name="Network">The network (IPv4 /24, IPv6 /48).</param>
internal sealed record CustomerActor(Guid Id, string Name, string Stamp, DateTimeOffset AuthenticatedAt, string? Network)
{
    /// <summary>Null when nobody is signed in.</summary>
    public static CustomerActor? Of(HttpContext context) =>
        Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
        && SignInClaims.StampOf(context.User) is { } stamp
        && SignInClaims.AuthTimeOf(context.User) is { } authenticatedAt
            ? new CustomerActor(id, context.User.FindFirstValue(SignInClaims.DisplayName) ?? "", stamp, authenticatedAt, ClientAddress.Network(context))
            : null;

    public Actor AsActor() => new(ActorKind.Customer, Id, Name, Network);
}

/// <summary>Ownership as a part of the query, so that a forgotten condition shows nothing instead of everything.</summary>
internal static class Customers
{
    /// <summary>The customers for which this person may do what takes the role.</summary>
    public static IQueryable<Licensing.Customer> Of(PortalDbContext db, CustomerActor actor, CustomerRole role) =>
        db.Customers.Where(c => db.CustomerMembers.Any(m => m.CustomerId == c.Id && m.UserId == actor.Id && m.Role >= role));
}
