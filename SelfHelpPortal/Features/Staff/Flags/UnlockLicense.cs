using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>
/// Resolves a case: a locked license goes on, frozen releases are free again, and being seen once more of the case's computers locks
/// nothing else.
/// </summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class UnlockLicense(IDbContextFactory<PortalDbContext> contexts, LicenseActs acts, ProductCatalog products, Outbox outbox)
{
    public async Task<StaffResult> ExecuteAsync(StaffAct act, string flagNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Guid license;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            license = await db.Flags.Where(f => f.Number == flagNumber).Select(f => f.LicenseId).SingleOrDefaultAsync(cancellationToken);
        }

        return await acts.RunAsync(
            typeof(UnlockLicense), act, license, flagNumber, (db, locked) =>
                DecideAsync(db, locked, act, flagNumber, now, cancellationToken), now, cancellationToken);
    }

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, string flagNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Resolved cases are not loaded with the license.
        var before = license.State;
        if (license.Flags.SingleOrDefault(f => f.Number == flagNumber) is not { } flag || !license.Unlock(flag, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Case = flag.Number, Before = before.ToString(), After = license.State.ToString() };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.Unlocked, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        if (flag.Kind == FlagKind.Sighting)
        {
            await NotifyOwnerAsync(db, license, flag, wasLocked: before == LicenseState.Locked, now, cancellationToken);
        }

        return StaffResult.Done;
    }

    private async Task NotifyOwnerAsync(
        PortalDbContext db, License license, Flag flag, bool wasLocked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new UnlockedMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                CaseNumber = flag.Number,
                Product = product.Name,
                LicenseNumber = license.Number,
                UnlockedAt = now,
                WasLocked = wasLocked,
                OldPcNames =
                    [.. license.Activations.Where(a => flag.Computers.Any(c => c.ActivationId == a.Id)).Select(a => a.PcName ?? "")],
            },
            now,
            cancellationToken);
    }
}
