using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Setup;

/// <param name="Missing">Why no invoice can be made yet; empty when the vendor's data are enough.</param>
/// <param name="Unpriced">Products that send customers to a paid move, or offer one, and have no price for it today.</param>
/// <param name="Priced">Whether anything has a price today.</param>
/// <param name="MailTaken">Whether a server has taken a test mail.</param>
/// <param name="Colleagues">Accounts of staff beside one's own.</param>
internal sealed record SetupView(
    IReadOnlyList<InvoicingComplaint> Missing, int Products, IReadOnlyList<string> Unpriced, bool Priced, int Licenses, bool MailTaken,
    int Colleagues);

/// <summary>How far the portal is set up: each step is read from the data and not from what somebody has clicked.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowSetup(StaffReads reads, VendorInvoicing invoicing, LocalTimes times)
{
    public Task<StaffAnswer<SetupView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowSetup), actor, audited: null, db => ReadAsync(db, actor, now, cancellationToken), now, cancellationToken);

    private async Task<SetupView?> ReadAsync(PortalDbContext db, StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = times.Today(now);
        var products = await db.Products.AsNoTracking().OrderBy(p => p.Name).ToListAsync(cancellationToken);
        var priced = (await db.PriceList.Where(e => e.ValidFrom <= today && (e.ValidUntil == null || e.ValidUntil >= today))
            .Select(e => new { e.ProductId, e.Sku }).ToListAsync(cancellationToken)).Select(e => (e.ProductId, e.Sku)).ToHashSet();
        return new SetupView(
            invoicing.Complaints,
            products.Count,
            [
                .. products
                    .Where(p => p.Policies.Release.DeadPc == DeadPcRule.PaidTransfer || p.Policies.Transfer.IsOffered)
                    .Where(p => !new[] { PriceArticle.Fee, PriceArticle.Renewal }
                        .Any(remedy => p.Policies.SkuOf(remedy) is { } sku && priced.Contains((p.Id, sku))))
                    .Select(p => p.Name),
            ],
            priced.Count > 0,
            await db.Licenses.CountAsync(cancellationToken),
            await db.AuditEntries.AnyAsync(e => e.Kind == AuditKind.MailTested && e.Subject == SendTestMail.Taken, cancellationToken),
            await db.UserRoles.Where(r => r.UserId != actor.Id)
                .Join(db.Roles.Where(r => StaffRoles.All.Contains(r.Name!)), held => held.RoleId, role => role.Id, (held, _) => held.UserId)
                .Distinct().CountAsync(cancellationToken));
    }
}
