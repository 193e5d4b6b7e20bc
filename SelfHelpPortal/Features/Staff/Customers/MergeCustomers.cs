using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Licenses;
using Buyer = SelfHelpPortal.Licensing.Customer;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>What somebody who belonged to a merged customer may do for the other one.</summary>
public enum MergedAccess
{
    /// <summary>Sees and releases the licenses that were the merged customer's, each as with its key.</summary>
    OwnLicenses,

    /// <summary>Sees all licenses.</summary>
    Member,

    /// <summary>Everything.</summary>
    Owner,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>
/// Puts two customers together that are the same: licenses, orders, invoices, people and mails of the one go to the other, whose details
/// stay. The number of the first one is left and leads on. Invoices and events keep what they say.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class MergeCustomers(StaffActs acts, Outbox outbox, MembershipChanges people)
{
    /// <param name="people">By account; whoever belonged to the source and is not named here has <see cref="MergedAccess.OwnLicenses"/>, so
    /// that nobody's rights grow unseen.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid source, Guid target, IReadOnlyDictionary<Guid, MergedAccess> people, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(MergeCustomers), act,
            new(source, async db => await db.LockCustomerAsync(source, cancellationToken) is not null),
            JsonSerializer.Serialize(new { target, people }),
            db => DecideAsync(db, new(act, now), source, target, people, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, Merge merge, Guid sourceId, Guid targetId, IReadOnlyDictionary<Guid, MergedAccess> people,
        CancellationToken cancellationToken)
    {
        if (sourceId == targetId)
        {
            return StaffRefusal.SameCustomer;
        }

        await LockAsync(db, sourceId, targetId, cancellationToken);
        var (source, target) = (await FindAsync(sourceId), await FindAsync(targetId));
        if (source is null || target is null)
        {
            return StaffRefusal.NotFound;
        }

        if (source is not { MergedIntoId: null, ErasedAt: null } || target is not { MergedIntoId: null, ErasedAt: null })
        {
            return StaffRefusal.CustomerGone;
        }

        var told = source.Email.Equals(target.Email, StringComparison.OrdinalIgnoreCase) ? null : NoticeOf(merge, source, target);
        await MovePeopleAsync(db, merge, source, target, people, cancellationToken);
        await MoveLicensesAsync(db, merge, source, target, cancellationToken);
        MoveDetails(source, target);
        await TellAsync(db, merge, source, target, cancellationToken);

        // An invoice follows its customer only once the customer is merged; the database sees to that.
        await db.SaveChangesAsync(cancellationToken);
        await MoveRowsAsync(db, source.Id, target.Id, cancellationToken);
        if (told is not null)
        {
            await outbox.EnqueueAsync(db, told, merge.Now, cancellationToken);
        }

        return StaffResult.Done;

        Task<Buyer?> FindAsync(Guid id) => db.Customers.SingleOrDefaultAsync(c => c.Id == id, cancellationToken);
    }

    /// <summary>
    /// Whoever acts for one of the two right now ends first. Then both customers by their ids, so that two merges wait for each other, and
    /// what an invoice or an order is made from: none is written for the source afterwards.
    /// </summary>
    private static async Task LockAsync(PortalDbContext db, Guid source, Guid target, CancellationToken cancellationToken)
    {
        Guid[] both = [source, target];
        await LicenseEntry.HoldAsync(db, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM customer_member WHERE customer_id = ANY({both}) ORDER BY user_id, customer_id FOR UPDATE", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM key_access WHERE customer_id = ANY({both}) ORDER BY user_id, license_id FOR UPDATE", cancellationToken);
        await db.LockCustomersAsync(both, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM license WHERE customer_id = {source} ORDER BY id FOR UPDATE", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM transfer_request WHERE customer_id = {source} ORDER BY id FOR UPDATE", cancellationToken);
    }

    private async Task MovePeopleAsync(
        PortalDbContext db, Merge merge, Buyer source, Buyer target, IReadOnlyDictionary<Guid, MergedAccess> chosen,
        CancellationToken cancellationToken)
    {
        // Whoever was invited to the one customer has not been offered the other.
        await Invitations.WithdrawAsync(db, r => r.CustomerId == source.Id, merge.Now, cancellationToken);

        var own = await db.CustomerMembers.AsNoTracking().Where(m => m.CustomerId == source.Id).OrderBy(m => m.UserId)
            .ToListAsync(cancellationToken);
        var there = await db.CustomerMembers.Where(m => m.CustomerId == target.Id).Select(m => m.UserId).ToListAsync(cancellationToken);
        var licenses = await db.Licenses.Where(l => l.CustomerId == source.Id).OrderBy(l => l.Id).Select(l => new { l.Id, l.Number })
            .ToListAsync(cancellationToken);
        await db.KeyAccesses.Where(k => k.CustomerId == source.Id && there.Contains(k.UserId)).ExecuteDeleteAsync(cancellationToken);
        await db.KeyAccesses.Where(k => k.CustomerId == source.Id)
            .ExecuteUpdateAsync(k => k.SetProperty(x => x.CustomerId, target.Id), cancellationToken);
        foreach (var member in own)
        {
            await db.SetMemberAsync(source.Id, member.UserId, role: null, merge.By, merge.Now, cancellationToken);
            if (there.Contains(member.UserId))
            {
                continue;
            }

            switch (chosen.GetValueOrDefault(member.UserId, MergedAccess.OwnLicenses))
            {
                case MergedAccess.OwnLicenses:
                    foreach (var license in licenses)
                    {
                        await db.AddKeyAsync(
                            target.Id, license.Id, license.Number, member.UserId, merge.By, merge.Now, cancellationToken);
                    }

                    break;
                case MergedAccess.Member:
                    await people.SetAsync(
                        db, target.Id, member.UserId, CustomerRole.Member, merge.By, merge.Now, cancellationToken);
                    break;
                case MergedAccess.Owner:
                    await people.SetAsync(
                        db, target.Id, member.UserId, CustomerRole.Owner, merge.By, merge.Now, cancellationToken);
                    break;
                case MergedAccess.None:
                    break;
            }
        }
    }

    /// <summary>The history of each license, and with it the vendor's programs, are told whose it is now.</summary>
    private static async Task MoveLicensesAsync(
        PortalDbContext db, Merge merge, Buyer source, Buyer target, CancellationToken cancellationToken)
    {
        foreach (var license in await db.Licenses.Where(l => l.CustomerId == source.Id).OrderBy(l => l.Id).Select(l => l.Id)
            .ToListAsync(cancellationToken))
        {
            await EventLog.AppendAsync(
                db, license, EventKind.LicenseChanged, new EventData(), merge.By,
                $"{ImportField.CustomerNumber} {source.Number} → {target.Number}", merge.Now, cancellationToken);
        }

        await db.Licenses.Where(l => l.CustomerId == source.Id)
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.CustomerId, target.Id), cancellationToken);
    }

    private static void MoveDetails(Buyer source, Buyer target)
    {
        CustomerDetails.From(target).FilledFrom(CustomerDetails.From(source)).WriteTo(target);
        // Somebody stopped the reminders for a reason, and nobody has said that it is over.
        target.RemindersPaused |= source.RemindersPaused;
        (source.Company, source.Email, source.RemindersPaused) = (source.Number, "", false);
        (source.Street, source.PostalCode, source.City, source.VatId) = (null, null, null, null);
        source.MergedIntoId = target.Id;
    }

    private static async Task TellAsync(PortalDbContext db, Merge merge, Buyer source, Buyer target, CancellationToken cancellationToken)
    {
        var data = new EventData { Before = source.Number, After = target.Number };
        foreach (var stream in new[] { source.Id, target.Id })
        {
            await EventLog.AppendAsync(
                db, stream, EventKind.CustomerMerged, data, merge.By, merge.Act.Reason.Trim(), merge.Now, cancellationToken);
        }

        await AuditLog.AppendAsync(
            db, merge.Act.Actor.Id, AuditKind.CustomersMerged, source.Number, $"→ {target.Number}: {merge.Act.Reason.Trim()}", merge.Now,
            cancellationToken);
    }

    private static async Task MoveRowsAsync(PortalDbContext db, Guid source, Guid target, CancellationToken cancellationToken)
    {
        await db.Transfers.Where(r => r.CustomerId == source)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.CustomerId, target), cancellationToken);
        await db.Invoices.Where(i => i.CustomerId == source)
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.CustomerId, target), cancellationToken);
        await db.LicenseHolders.Where(h => h.CustomerId == source)
            .ExecuteUpdateAsync(h => h.SetProperty(x => x.CustomerId, target), cancellationToken);
        await db.OwnerChanges.Where(c => c.CustomerId == source)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.CustomerId, target), cancellationToken);
        await db.OwnerChanges.Where(c => c.NewCustomerId == source)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.NewCustomerId, target), cancellationToken);
        await db.Set<OutboxMessage>().Where(m => m.CustomerId == source)
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.CustomerId, target), cancellationToken);
        await db.Set<Registration>().Where(r => r.CustomerId == source)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.CustomerId, target), cancellationToken);
        await db.Customers.Where(c => c.MergedIntoId == source)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.MergedIntoId, target), cancellationToken);
    }

    private static AddressOnFileChangedMail NoticeOf(Merge merge, Buyer source, Buyer target) => new(source.AsRecipient())
    {
        CustomerId = target.Id,
        ChangeId = merge.Act.CommandId,
        CustomerNumber = source.Number,
        MergedInto = target.Number,
        NewAddress = Masks.Address(target.Email),
        ChangedAt = merge.Now,
    };

    private sealed record Merge(StaffAct Act, DateTimeOffset Now)
    {
        public Actor By => Act.Actor.AsActor();
    }
}
