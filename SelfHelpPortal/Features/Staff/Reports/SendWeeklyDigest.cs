using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>
/// Tells staff what the last whole week came to. It looks every day, so that a portal that stood still on Monday tells it afterwards.
/// </summary>
internal sealed class SendWeeklyDigest(
    IDbContextFactory<PortalDbContext> contexts, Outbox outbox, FigureReader figures, LocalTimes times, PublicAddress address,
    IOptions<MailOptions> mail)
{
    public const string JobName = "weekly-digest";

    public static readonly TimeOnly At = new(7, 0);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!mail.Value.WeeklyDigest)
        {
            return;
        }

        var monday = MondayBefore(times.Today(now));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var view = await figures.ReadAsync(db, new DayRange(monday, monday.AddDays(6)), cancellationToken);
        var week = WeekFigures.From(view);
        if (week.IsQuiet && (view.Cases.Now, view.Orders.Now, view.FailedMails.Now) is (0, 0, 0))
        {
            return;
        }

        var before = WeekFigures.From(await figures.ReadAsync(db, new DayRange(monday.AddDays(-7), monday.AddDays(-1)), cancellationToken));
        foreach (var recipient in mail.Value.StaffRecipients())
        {
            var digest = new StaffDigestMail(recipient)
            {
                Monday = monday,
                Week = week,
                Before = before,
                OpenCases = view.Cases.Now,
                WaitingOrders = view.Orders.Now,
                FailedMails = view.FailedMails.Now,
                AsOf = now,
                FiguresAddress = address.For("/staff/reports"),
            };
            if (!await db.Set<OutboxMessage>().AnyAsync(
                    m => m.Kind == digest.Kind && m.BusinessKey == digest.BusinessKey, cancellationToken))
            {
                await outbox.EnqueueAsync(db, digest, now, cancellationToken);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Of the last week that is over.</summary>
    private static DateOnly MondayBefore(DateOnly today) => today.AddDays(-7 - (((int)today.DayOfWeek + 6) % 7));
}
