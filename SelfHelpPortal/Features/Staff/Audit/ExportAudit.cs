using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Audit;

/// <summary>The audit log as a list for a spreadsheet. The export is an entry of its own.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class ExportAudit(IDbContextFactory<PortalDbContext> contexts, StaffReads reads, LocalTimes times)
{
    private const string CommandLineName = "command line";

    public async Task<StaffAnswer<byte[]>> ExecuteAsync(
        StaffActor actor, AuditFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await reads.ReadAsync<byte[]>(typeof(ExportAudit), actor, audited: null,
            async db => await WriteAsync(db, filter, now, cancellationToken), now, cancellationToken);
        if (answer.Refused is null)
        {
            await AuditLog.NoteAsync(contexts, actor.Id, AuditKind.AuditExported, null, Describe(filter), now, cancellationToken);
        }

        return answer;
    }

    private async Task<byte[]> WriteAsync(PortalDbContext db, AuditFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var people = await StaffPeople.ListAsync(db, now, cancellationToken);
        var lines = new StringBuilder(Csv.Line("time", "account", "name", "act", "subject", "text"));
        var entries = await SearchAudit.Filtered(db, filter, times).OrderBy(e => e.Id).ToListAsync(cancellationToken);
        foreach (var line in SearchAudit.Lines(entries, people))
        {
            lines.Append(Csv.Line(
                line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                line.Stream == AuditLog.CommandLine ? "" : line.Stream.ToString(),
                line.Stream == AuditLog.CommandLine ? CommandLineName : line.Person ?? "",
                line.Kind.ToString(),
                line.Subject ?? "",
                line.Text ?? ""));
        }

        return Csv.Bytes(lines);
    }

    private static string Describe(AuditFilter filter) => string.Create(
        CultureInfo.InvariantCulture, $"{filter.Person} {filter.Kind} {filter.From:yyyy-MM-dd} {filter.To:yyyy-MM-dd} {filter.Subject}")
        .Trim();
}
