using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <param name="Number">Of the case; of a mail what it is about, if it is about one thing.</param>
/// <param name="Customer">Null where nobody knows it.</param>
/// <param name="Mail">Of a mail that is sent again, what it is called.</param>
public sealed record BulkRecipient(Guid Subject, string? Number, string? Customer, string Address, string? Mail = null);

internal sealed record BulkRecipients(IReadOnlyList<BulkRecipient> All);

/// <summary>Who would get a mail, before several cases are asked about or several mails are sent once more.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowRecipients(StaffReads reads, IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Of one act; whoever means more looks at them in parts.</summary>
    public const int Most = 50;

    /// <param name="subjects">Rows of flags and of mails.</param>
    public Task<StaffAnswer<BulkRecipients>> ExecuteAsync(
        StaffActor actor, IReadOnlyCollection<Guid> subjects, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<BulkRecipients>(
            typeof(ShowRecipients), actor, audited: null,
            async db =>
            {
                var cases = await (
                    from f in db.Flags
                    where subjects.Contains(f.Id)
                    join l in db.Licenses on f.LicenseId equals l.Id
                    join c in db.Customers on l.CustomerId equals c.Id
                    orderby f.OpenedAt, f.Number
                    select new BulkRecipient(f.Id, f.Number, c.Company, c.Email, null)).Take(Most).ToListAsync(cancellationToken);
                foreach (var shown in cases)
                {
                    await AuditLog.NoteReadAsync(
                        db, contexts, actor.Id, AuditKind.CaseOpened, shown.Number, null, now, cancellationToken);
                }

                var mails = await (
                    from m in db.Set<OutboxMessage>()
                    where subjects.Contains(m.Id)
                    join c in db.Customers on m.CustomerId equals c.Id into known
                    from c in known.DefaultIfEmpty()
                    orderby m.CreatedAt, m.Id
                    select new BulkRecipient(m.Id, m.Reference, c == null ? null : c.Company, m.ToAddress, m.Subject))
                    .Take(Most).ToListAsync(cancellationToken);
                return new([.. cases, .. mails]);
            },
            now, cancellationToken);
}
