using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>
/// Changes the address on file. Lost keys and license files go there, and whoever reads its mails can become an owner, so the former
/// address is told.
/// </summary>
[StaffUseCase(StaffWork.Licenses, Fresh = true)]
internal sealed class ChangeCustomerMail(StaffActs acts, Outbox outbox)
{
    /// <param name="shown">The address that was to be replaced when the dialog was opened.</param>
    /// <param name="typed">The new one.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid customer, string shown, string typed, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ChangeCustomerMail), act,
            new(customer, async db => await db.LockCustomerAsync(customer, cancellationToken) is not null),
            $"{shown}\n{typed}", db => DecideAsync(db, act, customer, shown, typed, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffAct act, Guid id, string shown, string typed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockCustomerAsync(id, cancellationToken) is not { } customer)
        {
            return StaffRefusal.NotFound;
        }

        if (customer is not { MergedIntoId: null, ErasedAt: null })
        {
            return StaffRefusal.CustomerGone;
        }

        if (customer.Email != shown)
        {
            return StaffRefusal.CustomerChanged;
        }

        if (MailAddresses.Normalize(typed) is not { } email || email == customer.Email)
        {
            return StaffRefusal.AccountAddress;
        }

        var mail = new AddressOnFileChangedMail(customer.AsRecipient())
        {
            CustomerId = customer.Id,
            ChangeId = act.CommandId,
            CustomerNumber = customer.Number,
            NewAddress = Masks.Address(email),
            ChangedAt = now,
        };
        customer.Email = email;
        await MailAddressStanding.LiftAsync(db, email, cancellationToken);
        await EventLog.AppendAsync(
            db, customer.Id, EventKind.CustomerMailChanged, new EventData(), act.Actor.AsActor(), act.Reason.Trim(), now,
            cancellationToken);
        await AuditLog.AppendAsync(
            db, act.Actor.Id, AuditKind.CustomerMailChanged, customer.Number, act.Reason.Trim(), now, cancellationToken);
        await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        return StaffResult.Done;
    }
}
