using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Guessing;

namespace SelfHelpPortal.Platform.Mail.Asked;

/// <summary>Takes the wish for a mail: the same work for every address.</summary>
internal sealed class AskedMails(IDbContextFactory<PortalDbContext> contexts, GuessBudget budget)
{
    /// <summary>Does nothing, and tells nobody, when the mailbox or the source has had its mails.</summary>
    /// <param name="address">Normalized (<see cref="MailAddresses.Normalize"/>).</param>
    public async Task AskAsync(
        AskedMailKind kind, string address, Guid? record, IPAddress? source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var counted = await budget.MissAsync(GuessSubjects.ForMail(source, address.ToUpperInvariant()), now, cancellationToken);
        if (!counted.Allowed)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(Ask(kind, address, record, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, now));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The row itself, for a wish that belongs to a change of the caller's.</summary>
    public static AskedMail Ask(AskedMailKind kind, string address, Guid? record, string culture, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = kind.Name,
        Address = address,
        Culture = culture == "en" ? "en" : "de",
        RecordId = record,
        AskedAt = now,
        DueAt = now,
    };
}
