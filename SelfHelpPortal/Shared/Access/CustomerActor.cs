using System.Security.Claims;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Who acts under <c>/my </c>, as the cookie says it. It proves nothing by itself: <see cref="CustomerGate"/> holds it against the database
/// in the transaction of each act, and reads go through <see cref="Customers.For"/>.
/// </summary>
/// <param name="Stamp">Of the account at the sign-in or the last check; another one in the database means that the sign-in has
/// ended.</param>
/// <param name="Network">The network (IPv4 /24, IPv6 /48).</param>
internal sealed record CustomerActor(Guid Id, string Name, string Stamp, DateTimeOffset AuthenticatedAt, string? Network)
{
    /// <summary>Null when nobody is signed in.</summary>
    public static CustomerActor? From(HttpContext context) =>
        Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
        && SignInClaims.StampOf(context.User) is { } stamp
        && SignInClaims.AuthTimeOf(context.User) is { } authenticatedAt
            ? new CustomerActor(id, context.User.FindFirstValue(SignInClaims.DisplayName) ?? "", stamp, authenticatedAt,
                ClientAddress.Network(context))
            : null;

    public Actor AsActor() => new(ActorKind.Customer, Id, Name, Network);
}

/// <summary>Ownership as a part of the query, so that a forgotten condition shows nothing instead of everything.</summary>
internal static class Customers
{
    /// <summary>The customers for which this person may do what takes the role. Whoever only has a key belongs to none of them.</summary>
    public static IQueryable<Licensing.Customer> For(PortalDbContext db, CustomerActor actor, CustomerRole role) =>
        db.Customers.Where(c => db.CustomerMembers.Any(m => m.CustomerId == c.Id && m.UserId == actor.Id && m.Role >= role));

    /// <summary>
    /// The licenses for which this person may do what takes the role: all of a customer to which the person belongs and, where the role is
    /// no more than <see cref="CustomerRole.KeyHolder"/>, each whose key the person had. Every read and act on a license under <c>/my </c>
    /// goes through this.
    /// </summary>
    public static IQueryable<Licensing.License> LicensesOf(PortalDbContext db, CustomerActor actor, CustomerRole role) =>
        db.Licenses.Where(l => db.CustomerMembers.Any(m => m.CustomerId == l.CustomerId && m.UserId == actor.Id && m.Role >= role)
            || (role == CustomerRole.KeyHolder
                && db.KeyAccesses.Any(k => k.LicenseId == l.Id && k.CustomerId == l.CustomerId && k.UserId == actor.Id)));

    /// <summary>Whose names a list of licenses or people may show to this person; it gives no right to anything of theirs.</summary>
    public static IQueryable<Licensing.Customer> KnownTo(PortalDbContext db, CustomerActor actor) =>
        db.Customers.Where(c => db.CustomerMembers.Any(m => m.CustomerId == c.Id && m.UserId == actor.Id)
            || db.KeyAccesses.Any(k => k.CustomerId == c.Id && k.UserId == actor.Id));
}
