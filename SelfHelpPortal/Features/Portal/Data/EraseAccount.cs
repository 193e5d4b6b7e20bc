using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.PersonalData;

namespace SelfHelpPortal.Features.Portal.Data;

/// <param name="Number">Of the customer; null for an account.</param>
internal sealed record Erased(string? Number);

/// <summary>
/// A person leaves: the account with everything that signs in to it, the memberships, the mails about it. What the person did stays in the
/// history without name and network. The customers' own data stay; that is <see cref="EraseCustomer"/>.
/// </summary>
[OwnAccountUseCase]
internal sealed class EraseAccount(CustomerActs acts, Outbox outbox)
{
    /// <param name="leaveAlone">The person was told which customers are left without anybody, and agreed.</param>
    public Task<CustomerAnswer<Erased>> ExecuteAsync(
        CustomerAct act, bool leaveAlone, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunOwnAsync(typeof(EraseAccount), act, leaveAlone, db => DecideAsync(db, act, leaveAlone, now, cancellationToken), now,
            cancellationToken);

    private async Task<CustomerAnswer<Erased>> DecideAsync(
        PortalDbContext db, CustomerAct act, bool leaveAlone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(act.Actor, now))
        {
            return CustomerRefusal.NotPermitted;
        }

        var me = act.Actor.Id;
        // Two owners who leave at the same moment do so one after the other, and the second one is told.
        await db.Database.ExecuteSqlAsync(
            $"""
             SELECT 1 FROM customer WHERE id IN (SELECT customer_id FROM customer_member WHERE user_id = {me})
             ORDER BY id FOR NO KEY UPDATE
             """,
            cancellationToken);
        if (await AccountErasure.ReadAsync(db, me, cancellationToken) is not { } account)
        {
            return CustomerRefusal.SignInEnded;
        }

        if (account.IsStaff)
        {
            return CustomerRefusal.NotPermitted;
        }

        if (!account.MayBeErased || (account.LeftAlone.Any() && !leaveAlone))
        {
            return CustomerRefusal.Conflict;
        }

        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == me, cancellationToken);
        await BlankAsync(db, me, user.Email!, cancellationToken);
        await EventLog.AppendAsync(
            db, me, EventKind.AccountErased, new EventData(), new Actor(ActorKind.Customer, me), text: null, now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new AccountErasedMail(new MailRecipient(user.Email!, user.DisplayName, user.Culture))
            {
                ErasedId = me,
                CustomerNumber = null,
                ErasedAt = now
            },
            now,
            cancellationToken);
        // Passkeys, tokens, sessions and memberships go with the row.
        await db.Users.Where(u => u.Id == me).ExecuteDeleteAsync(cancellationToken);
        return new Erased(null);
    }

    private static async Task BlankAsync(PortalDbContext db, Guid me, string email, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
                UPDATE event_detail d SET actor_name = NULL, ip_prefix = NULL FROM license_event e
                WHERE e.id = d.event_id AND e.actor_id = {me}
                """, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM outbox WHERE customer_id IS NULL AND lower(to_address) = lower({email})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE outbox_attempt a SET reply = '' FROM outbox o WHERE o.id = a.outbox_id
                 AND lower(o.to_address) = lower({email})
                 AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = o.customer_id AND lower(c.email) = lower({email}))
             """,
            cancellationToken);
        // Mails about a customer's cases are the customer's; where this person was not its address on file, they lose the recipient.
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE outbox o SET to_address = '', to_name = NULL, copy_text = '', payload = NULL, last_reply = NULL,
                 state = CASE WHEN state IN (0, 1, 4) THEN 5 ELSE state END
             WHERE lower(to_address) = lower({email})
                 AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = o.customer_id AND lower(c.email) = lower({email}))
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM transfer_request WHERE state = 'Draft' AND lower(draft -> 'contact' ->> 'email') = lower({email})",
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM registration WHERE user_id = {me} OR lower(email) = lower({email})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE registration SET invited_by = NULL WHERE invited_by = {me}", cancellationToken);
        await Anonymizer.OfAppointmentsAsync(db, email, [], cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM asked_mail WHERE lower(address) = lower({email})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM mail_link WHERE record_id = {me}", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM command WHERE actor = {me.ToString("n")} AND kind <> {nameof(EraseAccount)}", cancellationToken);
        var hash = MailAddresses.Hash(email);
        await db.Database.ExecuteSqlAsync(
            $"""
                DELETE FROM mail_address WHERE address_hash = {hash} AND NOT EXISTS (SELECT 1 FROM customer WHERE lower(email) =
                lower({email}))
                """, cancellationToken);
    }
}
