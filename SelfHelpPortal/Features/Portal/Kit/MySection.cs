using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Kit;

/// <summary>A link between the pages of signed-in customers; its text is PortalStrings["Section." + <paramref name="Word"/>].</summary>
/// <param name="Role">For whom it is there; null: for everybody who is signed in.</param>
internal sealed record MySection(string Word, string Href, CustomerRole? Role)
{
    /// <summary>A line is added with the page it leads to.</summary>
    public static IReadOnlyList<MySection> All { get; } =
    [
        new("Licenses", "/my", CustomerRole.KeyHolder),
        new("Transfers", "/my/transfers", CustomerRole.Member),
        new("Appointments", "/appointments", null),
        new("Invoices", "/my/invoices", CustomerRole.Owner),
        new("People", "/my/people", CustomerRole.KeyHolder),
        new("Details", "/my/details", CustomerRole.Owner),
        new("Settings", "/my/settings", null),
        new("Account", "/account", null),
        new("Data", "/my/data", null),
    ];

    public bool Contains(string path) => Href == "/my"
        ? path.Equals(Href, StringComparison.OrdinalIgnoreCase) || path.StartsWith("/my/licenses", StringComparison.OrdinalIgnoreCase)
        : new PathString(path).StartsWithSegments(Href, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// What somebody may do at most, for whichever customer; null for a person of none. It chooses links and permits nothing.
/// </summary>
internal sealed class MyRole(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<CustomerRole?> FindAsync(CustomerActor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.CustomerMembers.Where(m => m.UserId == actor.Id).MaxAsync(m => (CustomerRole?)m.Role, cancellationToken)
            ?? (await db.KeyAccesses.AnyAsync(k => k.UserId == actor.Id, cancellationToken) ? CustomerRole.KeyHolder : null);
    }
}
