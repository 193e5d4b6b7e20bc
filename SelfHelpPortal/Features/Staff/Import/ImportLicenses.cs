using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Features.Staff.Import;

/// <param name="Update">Whether stored customers and licenses become what the file says of them.</param>
/// <param name="LeaveOutUnknown">Whether columns that mean nothing to the portal are no mistake.</param>
internal sealed record ImportOptions(bool DryRun, bool SkipBadRows, bool Update = false, bool LeaveOutUnknown = false);

/// <summary>What an import did or, for a dry run, would do.</summary>
/// <param name="Problem">Why the file as a whole cannot be imported; nothing else is said then.</param>
/// <param name="Added">Of the rows those that made a license, or would.</param>
/// <param name="Updated">Of the rows those that changed a stored license or customer, or would.</param>
internal sealed record ImportReport(int Rows, int Added, int Updated, int Existing, int Faulty, bool Stored, string? Problem = null);

/// <summary>Whoever wants to hear of single rows.</summary>
internal sealed record ImportTold(
    Func<int, BrokenRule, Task> Finding, Func<string?, IReadOnlyList<ImportChange>, Task> Existing, Func<string, string, Task> Key)
{
    public static readonly ImportTold Nobody =
        new((_, _) => Task.CompletedTask, (_, _) => Task.CompletedTask, (_, _) => Task.CompletedTask);
}

/// <summary>
/// Imports a vendor's licenses for the operator. Nothing of a file with faulty rows, unless these may be skipped. A command that was broken
/// off goes on where it was when it is given the same file again within a day.
/// </summary>
internal sealed class ImportLicenses(
    IDbContextFactory<PortalDbContext> contexts, ImportActs acts, ImportSteps steps, ImportContent content, LicenseFactory maker)
{
    private const int ToldAtOnce = 1_000;

    /// <param name="file">Can be read several times.</param>
    public async Task<ImportReport> ExecuteAsync(
        Stream file, string name, ImportOptions options, ImportTold told, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var begun = await FindBegunAsync(file, now, cancellationToken);
        var id = begun ?? Guid.CreateVersion7(now);
        if (begun is null)
        {
            try
            {
                await steps.StageAsync(id, name, file, createdBy: null, now, cancellationToken);
            }
            catch (UnreadableListException unreadable)
            {
                return Refused(unreadable.Message);
            }
        }

        var report = await RunAsync(id, options, told, actor, now, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<ImportFile>().Where(f => f.Id == id).ExecuteDeleteAsync(cancellationToken);
        return report;
    }

    private async Task<ImportReport> RunAsync(
        Guid id, ImportOptions options, ImportTold told, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var check = await steps.RowCheckAsync(cancellationToken);
        var file = await ReadAsync(id, cancellationToken);
        if (file.State == ImportState.Uploaded && Problem(file, options) is { } problem)
        {
            return Refused(problem);
        }

        while (file.State == ImportState.Uploaded)
        {
            file = await StepAsync(
                id, (db, held) => steps.CheckPartAsync(db, held, check, actor, now, cancellationToken), now, cancellationToken);
        }

        if (file.State == ImportState.Checked && (options.DryRun || (file.FaultyRows > 0 && !options.SkipBadRows)))
        {
            await TellAsync(file, told, cancellationToken);
            var updated = options.Update ? file.ChangedRows : 0;
            return new(file.Rows, file.NewRows, updated, file.ChangedRows + file.SameRows - updated, file.FaultyRows, Stored: false);
        }

        if (file.State is ImportState.Checked or ImportState.Stopped)
        {
            file = await StepAsync(
                id, (db, held) => ImportSteps.StartAsync(db, held, options.Update, actor, now, cancellationToken), now, cancellationToken);
        }

        while (file.State == ImportState.Importing)
        {
            file = await StepAsync(
                id, (db, held) => steps.ImportPartAsync(db, held, check, actor, now, cancellationToken), now, cancellationToken);
        }

        await TellAsync(file, told, cancellationToken);
        return new(file.Rows, file.Added, file.Updated, file.Rows - file.Added - file.Updated - file.FaultyRows, file.FaultyRows,
            Stored: true);
    }

    private async Task<ImportFile> StepAsync(
        Guid id, Func<PortalDbContext, ImportFile, Task> step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImportFile? after = null;
        var result = await acts.RunAsync(id, async (db, held) =>
        {
            await step(db, held);
            after = held;
            return StaffResult.Done;
        }, now, cancellationToken);
        return result.Succeeded && after is not null
            ? after
            : throw new InvalidOperationException($"The import {id} was taken away while it ran. Import the file again.");
    }

    private async Task<ImportFile> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<ImportFile>().AsNoTracking().SingleAsync(f => f.Id == id, cancellationToken);
    }

    /// <summary>An import of the same file by the command line that was broken off.</summary>
    private async Task<Guid?> FindBegunAsync(Stream file, DateTimeOffset now, CancellationToken cancellationToken)
    {
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ShowImport.Kept(db, now)
            .Where(f => f.Sha256 == sha256 && f.CreatedBy == null && (f.State == ImportState.Importing || f.State == ImportState.Stopped))
            .OrderByDescending(f => f.CreatedAt).Select(f => (Guid?)f.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Nobody looks at the columns here, so a name that means nothing may be a typing error.</summary>
    private string? Problem(ImportFile file, ImportOptions options)
    {
        var unknown = content.HeaderOf(file).Where((name, i) => name.Length > 0 && file.Mapping[i] is "").ToList();
        return ImportSteps.Missing(file.Mapping) is [_, ..] missing ? $"Columns are missing: {string.Join(", ", missing)}."
            : unknown is [_, ..] && !options.LeaveOutUnknown
            ? $"Columns are not known: {string.Join(", ", unknown)}. Leave them out with --leave-out-unknown."
            : null;
    }

    private async Task TellAsync(ImportFile file, ImportTold told, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = db.Set<ImportRow>().AsNoTracking().Where(r => r.FileId == file.Id
            && (r.State == ImportRowState.Faulty || r.State == ImportRowState.Left || r.State == ImportRowState.Changed
                || r.State == ImportRowState.Same || r.KeyMadeFor != null)).OrderBy(r => r.Seq);
        for (var after = 0; ;)
        {
            var last = after;
            var part = await rows.Where(r => r.Seq > last).Take(ToldAtOnce).ToListAsync(cancellationToken);
            if (part is [])
            {
                return;
            }

            var ids = part.Select(row => row.KeyMadeFor).OfType<Guid>().ToArray();
            var licenses = await db.Licenses.AsNoTracking().Where(l => ids.Contains(l.Id)).ToDictionaryAsync(l => l.Id, cancellationToken);
            foreach (var row in part)
            {
                var notes = content.NotesOf(row);
                if (row.KeyMadeFor is { } made)
                {
                    await told.Key(licenses[made].Number, maker.KeyOf(licenses[made]));
                }
                else if (row.State != ImportRowState.Faulty)
                {
                    await told.Existing(row.LicenseNumber, notes.Changes);
                }

                foreach (var finding in notes.Findings)
                {
                    await told.Finding(row.Line, finding);
                }
            }

            after = part[^1].Seq;
        }
    }

    private static ImportReport Refused(string problem) => new(0, 0, 0, 0, 0, Stored: false, problem);
}
