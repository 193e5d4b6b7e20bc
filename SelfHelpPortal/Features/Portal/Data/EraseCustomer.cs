using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.PersonalData;

namespace SelfHelpPortal.Features.Portal.Data;

/// <summary>
/// An owner has the customer's data erased. What people are called and where they live goes; the number, the licenses, the computers' codes
/// and the invoices stay, so that what was paid for can be used and the law is kept.
/// </summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class EraseCustomer(CustomerActs acts, Outbox outbox)
{
    public Task<CustomerAnswer<Erased>> ExecuteAsync(
        CustomerAct act, Guid customer, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(EraseCustomer), act, customer, "", db => DecideAsync(db, act, customer, now, cancellationToken), now,
            cancellationToken);

    private async Task<CustomerAnswer<Erased>> DecideAsync(
        PortalDbContext db, CustomerAct act, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(act.Actor, now))
        {
            return CustomerRefusal.NotPermitted;
        }

        // Whoever acts for the customer right now ends first; then customer and licenses: no flag is opened and no order accepted before
        // the commit.
        await db.Database.ExecuteSqlAsync(
            $"SELECT user_id FROM customer_member WHERE customer_id = {id} ORDER BY user_id FOR UPDATE", cancellationToken);
        await db.LockCustomersAsync([id], cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT id FROM license WHERE customer_id = {id} ORDER BY id FOR UPDATE", cancellationToken);
        var mine = Customers.For(db, act.Actor, CustomerUseCaseAttribute.RoleOf<EraseCustomer>()).Where(c => c.Id == id);
        if (await CustomerErasure.ReadAsync(db, mine, cancellationToken) is not { } erasure)
        {
            return CustomerRefusal.NotFound;
        }

        if (!erasure.MayBeErased)
        {
            return CustomerRefusal.Conflict;
        }

        var customer = await db.Customers.SingleAsync(c => c.Id == id, cancellationToken);
        var recipient = new MailRecipient(customer.Email, customer.Company, customer.Language);
        await Anonymizer.OfCustomerAsync(db, customer, now, cancellationToken);
        await EventLog.AppendAsync(db, id, EventKind.CustomerErased, new EventData(), new Actor(ActorKind.Customer, act.Actor.Id),
            text: null, now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new AccountErasedMail(recipient)
            {
                ErasedId = id,
                CustomerNumber = customer.Number,
                InvoicesUntil = erasure.Kept is [.., { Until: var last }] ? last : null,
                ErasedAt = now,
            },
            now,
            cancellationToken);
        return new Erased(customer.Number);
    }
}
