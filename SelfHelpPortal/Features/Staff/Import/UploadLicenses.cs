using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>The import of licenses for an administrator in the browser: first what it would do, then the same file for good.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class UploadLicenses(ImportLicenses import, StaffReads reads, StaffGate gate)
{
    /// <summary>Bytes of a file: some hundred thousand rows.</summary>
    public const int LargestFile = 50_000_000;

    /// <param name="file">Read from its beginning.</param>
    /// <returns>What was done, or would be for a dry run; nothing is stored when the answer is a refusal.</returns>
    public async Task<StaffAnswer<ImportReport>> ExecuteAsync(
        StaffActor actor, Stream file, ImportOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Asked before a large file is read, and again in the transaction that stores it.
        var allowed = await reads.ReadAsync(
            typeof(UploadLicenses), actor, audited: null, _ => Task.FromResult<string?>("allowed"), now, cancellationToken);
        if (allowed.Refused is { } refused)
        {
            return new(null, refused);
        }

        try
        {
            var report = await import.ExecuteAsync(
                file, options, actor.AsActor(), now, cancellationToken,
                db => gate.CheckAsync(db, actor, StaffPermission.For(typeof(UploadLicenses)), now, cancellationToken));
            return report.Stopped is { } stopped ? new(null, stopped.AsStaffRefusal()) : new(report, null);
        }
        catch (Exception failure) when (InvalidTextException.IsCauseOf(failure))
        {
            return new(null, StaffRefusal.NotText);
        }
        catch (Exception failure) when (DatabaseFaults.IsOutcomeUnknown(failure))
        {
            return new(null, StaffRefusal.OutcomeUnknown);
        }
        catch (Exception failure) when (DatabaseFaults.IsUnavailable(failure))
        {
            return new(null, StaffRefusal.Unavailable);
        }
    }
}
