using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A mail as its recipient reads it, with the copy that staff keep.</summary>
internal sealed record ReadMail(string Kind, string Subject, string Text, string Html, string Copy)
{
    /// <summary>The path of the first link that begins so, with its token.</summary>
    public string Link(string path)
    {
        var start = Text.IndexOf(path, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, Text);
        return Text.Substring(start, path.Length + 43);
    }
}

internal static class Mailbox
{
    /// <summary>Writes what was asked for and reads all that was sent to the address, oldest first.</summary>
    public static async Task<IReadOnlyList<ReadMail>> MailsToAsync(this PortalFactory portal, string address)
    {
        await portal.WriteAskedMailsAsync();
        await using var db = portal.Open();
        List<OutboxMessage> sent = [];
        // What is read is what was waited for: the portal may write another mail at any moment.
        await Eventually.BecomesTrueAsync(async () =>
        {
            sent = await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.ToAddress == address).OrderBy(m => m.CreatedAt)
                .ThenBy(m => m.Id).ToListAsync();
            return !sent.Exists(m => m.State is OutboxState.Pending or OutboxState.Sending);
        });
        var read = new List<ReadMail>();
        foreach (var mail in sent)
        {
            var file = Directory.EnumerateFiles(portal.MailFolder, "*.eml")
                .Single(f => f.Contains(mail.Id.ToString("n"), StringComparison.Ordinal)
                    || f.Contains(mail.Id.ToString(), StringComparison.Ordinal));
            var content = EmlFile.Parse(await File.ReadAllTextAsync(file));
            read.Add(new ReadMail(mail.Kind, mail.Subject, content.Text, content.Html, mail.CopyText));
        }

        return read;
    }

    public static async Task<ReadMail> MailToAsync(this PortalFactory portal, string address, string kind) =>
        (await portal.MailsToAsync(address)).Last(m => m.Kind == kind);

    /// <summary>All that is due, without waiting for the writer's beat. Another one may have a row in hand.</summary>
    public static async Task WriteAskedMailsAsync(this PortalFactory portal)
    {
        var writer = portal.Services.GetRequiredService<MailRequestWriter>();
        await using var db = portal.Open();
        await Eventually.BecomesTrueAsync(async () =>
        {
            await writer.WriteDueAsync(CancellationToken.None);
            return !await db.Set<MailRequest>().AnyAsync(m => m.Failures == 0 && m.DueAt <= portal.Clock.Now);
        });
    }
}
