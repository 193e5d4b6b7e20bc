using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail.Requests;

/// <summary>Who asks for a mail at a form that anybody can fill in.</summary>
/// <param name="Browser">Names a browser in which the owner of the address signed in before: what strangers ask for does not count against
/// it.</param>
internal sealed record MailRequester(IPAddress? Source, string? Browser);

/// <summary>Takes the wish for a mail: the same work for every address.</summary>
internal sealed class MailRequests(IDbContextFactory<PortalDbContext> contexts, AttemptLimiter limiter)
{
    /// <summary>Does nothing, and tells nobody, when the mailbox or the source has had its mails of this kind.</summary>
    /// <param name="address">Normalized (<see cref="MailAddresses.Normalize"/>).</param>
    public async Task AskAsync(
        MailRequestKind kind, string address, Guid? record, MailRequester asker, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subjects = asker.Browser is { } browser
            ? [AttemptSubjects.PerAsker(kind.Mail, address, $"browser|{browser}")]
            : AttemptSubjects.ForMail(kind.Mail, address, asker.Source);
        var counted = await limiter.RecordFailureAsync(subjects, now, cancellationToken);
        if (!counted.Allowed)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(Ask(kind, address, record, Languages.Current, now));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Adds what a mailbox is to be told without anybody's wish, as often as the mail's limit allows.</summary>
    /// <param name="address">Normalized; whether it is anybody's makes no difference.</param>
    public async Task TellAsync(
        MailRequestKind kind, string address, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await limiter.RecordFailureAsync([AttemptSubjects.PerMailbox(kind.Mail, address)], now, cancellationToken)).Allowed)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Add(new MailRequest
            {
                Id = Guid.CreateVersion7(now),
                Kind = kind.Name,
                Address = address,
                Culture = Languages.Current,
                Until = until,
                AskedAt = now,
                DueAt = now,
            });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>The row itself, for a wish that belongs to a change of the caller's.</summary>
    /// <param name="due">When it is written at the earliest; null: at once.</param>
    public static MailRequest Ask(
        MailRequestKind kind, string address, Guid? record, string culture, DateTimeOffset now, DateTimeOffset? due = null) => new()
        {
            Id = Guid.CreateVersion7(now),
            Kind = kind.Name,
            Address = address,
            Culture = culture,
            RecordId = record,
            AskedAt = now,
            DueAt = due ?? now,
        };
}
