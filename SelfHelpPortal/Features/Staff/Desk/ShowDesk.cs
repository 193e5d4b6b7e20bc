using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>What staff are told beside the work list.</summary>
/// <param name="Invoicing">Why no invoices can be issued.</param>
/// <param name="ClockAhead">Of the machine that answers, where its clock is too wrong to issue invoices; behind, if negative.</param>
/// <param name="UntrustedProxy">The address of a proxy that the configuration of the machine that answers does not name.</param>
/// <param name="Findings">The first of what the daily check of the data found wrong.</param>
/// <param name="HasResets">Somebody wants a colleague's account reset, and this administrator may decide.</param>
/// <param name="Products">By id and name.</param>
internal sealed record DeskView(
    IReadOnlyList<InvoicingComplaint> Invoicing, TimeSpan? ClockAhead, string? UntrustedProxy, IReadOnlyList<DeskFinding> Findings,
    bool HasResets, IReadOnlyList<DeskProduct> Products);

internal sealed record DeskProduct(string Id, string Name);

/// <param name="Rule">By its name, which <c>check data</c> explains.</param>
/// <param name="Subject">Number or id.</param>
internal sealed record DeskFinding(string Rule, string Subject);

/// <summary>What the portal itself needs from staff.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowDesk(StaffReads reads, VendorInvoicing invoicing, NodeClock clock, ProxyWatch proxies)
{
    private const int FindingsShown = 10;

    public Task<StaffAnswer<DeskView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowDesk), actor, audited: null, db => ReadAsync(db, actor, invoicing.Complaints, now, cancellationToken), now,
            cancellationToken);

    private async Task<DeskView?> ReadAsync(
        PortalDbContext db, StaffActor actor, IReadOnlyList<InvoicingComplaint> complaints, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var findings = await db.Set<DataFinding>().OrderBy(f => f.Id).Take(FindingsShown).Select(f => new DeskFinding(f.Rule, f.Subject))
            .ToListAsync(cancellationToken);
        var hasResets = actor.Roles.Contains(StaffRoles.Administrator)
            && await db.StaffResets.AnyAsync(
                r => r.Decision == null && r.ExpiresAt > now && r.RequestedBy != actor.Id && r.UserId != actor.Id, cancellationToken);
        var ahead = await clock.AheadAsync(db, cancellationToken);
        return new DeskView(
            complaints, NodeClock.IsWrong(ahead) ? ahead : null, proxies.Untrusted, findings, hasResets,
            await db.Products.OrderBy(p => p.Name).Select(p => new DeskProduct(p.Id, p.Name)).ToListAsync(cancellationToken));
    }
}
