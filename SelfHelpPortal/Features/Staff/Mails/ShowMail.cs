using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Mails;

/// <param name="Attempts">Newest first, with what the server answered.</param>
/// <param name="RefusedUntil">The server refused the mailbox: until then nothing is sent there.</param>
/// <param name="MayBeSentAgain">It failed, and all that it said and attached is still there and in time.</param>
internal sealed record MailView(
    OutboxMessage Mail, string? CustomerNumber, IReadOnlyList<OutboxAttempt> Attempts, DateTimeOffset? RefusedUntil, bool MayBeSentAgain);

/// <summary>One mail: its text without links, keys and codes, and what became of it.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowMail(StaffReads reads, IOptions<MailOptions> options)
{
    public Task<StaffAnswer<MailView>> ExecuteAsync(
        StaffActor actor, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowMail), actor, new AuditedRead(AuditKind.MailOpened, id.ToString()), db => ReadAsync(db, id, now, cancellationToken),
            now, cancellationToken);

    private async Task<MailView?> ReadAsync(PortalDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Set<OutboxMessage>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } mail)
        {
            return null;
        }

        var attempts = await db.Set<OutboxAttempt>().AsNoTracking().Where(a => a.OutboxId == id).OrderByDescending(a => a.Number)
            .ToListAsync(cancellationToken);
        var refused = await MailAddressStanding.RefusalAsync(db, mail.ToAddress, options.Value, now, cancellationToken);
        return new MailView(
            mail,
            await db.Customers.Where(c => c.Id == mail.CustomerId).Select(c => c.Number).SingleOrDefaultAsync(cancellationToken),
            attempts,
            refused?.RefusedUntil(options.Value),
            SendMailAgain.IsPossible(mail, now));
    }
}
