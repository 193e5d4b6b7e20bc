using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Shared.Contacts;

/// <summary>Tells the address on file, and every owner who wants a copy at the own address.</summary>
internal sealed class OwnerMails(Outbox outbox)
{
    /// <summary>Added to the caller's transaction.</summary>
    /// <param name="mail">To the address on file.</param>
    /// <param name="wants">The setting that asks for a copy.</param>
    public async Task EnqueueAsync(
        PortalDbContext db, Guid customer, MailModel mail, Expression<Func<CustomerMember, bool>> wants, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        var copies = await (
            from m in db.CustomerMembers.Where(wants)
            join u in db.Users on m.UserId equals u.Id
            where m.CustomerId == customer && m.Role == CustomerRole.Owner && (u.LockoutEnd == null || u.LockoutEnd <= now)
            orderby u.Id
            select new { u.Id, u.Email, u.DisplayName, u.Culture }).ToListAsync(cancellationToken);
        foreach (var copy in copies.Where(c => !string.Equals(c.Email, mail.To.Address, StringComparison.OrdinalIgnoreCase)))
        {
            await outbox.EnqueueAsync(db, mail
                with
            { To = new MailRecipient(copy.Email!, copy.DisplayName, copy.Culture), CopyFor = copy.Id }, now, cancellationToken);
        }
    }
}
