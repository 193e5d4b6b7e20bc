using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// <c>mails resume</c>: the button of <c>/staff/mails</c> for whoever has just mended the mail server. The running portal goes on within
/// seconds.
/// </summary>
internal static class ResumeMailsCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var db = services.GetRequiredService<PortalDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var stood = await services.GetRequiredService<MailCircuits>().ResumeAsync(db, now, cancellation);
        await AuditLog.AppendAsync(db, AuditLog.CommandLine, AuditKind.MailsResumed, null, null, now, cancellation);
        await transaction.CommitAsync(cancellation);
        var queue = await MailQueueFigures.ReadAsync(db, now, cancellation);
        await output.WriteLineAsync($"{(stood ? "Mails go on" : "Mails did not stand still")}: {queue.Due} are due now.");
        return ExitCode.Done;
    }
}
