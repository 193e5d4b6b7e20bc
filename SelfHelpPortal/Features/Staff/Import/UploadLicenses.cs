using SelfHelpPortal.Configuration;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// An administrator uploads a list of licenses: it is put beside the licenses, where it can be looked at, checked and imported for a day.
/// </summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class UploadLicenses(ImportSteps steps, StaffReads reads)
{
    /// <summary>Bytes of a file: some hundred thousand rows.</summary>
    public const int LargestFile = 50_000_000;

    private const int CopiedAtOnce = 64 * 1024;

    /// <param name="id">Made when the file was chosen: sent again it is the same file.</param>
    /// <param name="upload">Read once, and no further than <see cref="LargestFile"/>.</param>
    public async Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid id, string name, Stream upload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Asked before a large file is read. To have it there does nothing.
        var allowed = await reads.ReadAsync(
            typeof(UploadLicenses), actor, audited: null, _ => Task.FromResult<string?>("allowed"), now, cancellationToken);
        if (allowed.Refused is { } refused)
        {
            return refused;
        }

        return await ImportActs.GuardedAsync(async () =>
        {
            // It is read several times, to recognize it and to take it apart, and never stands in memory as a whole.
            await using var file = PrivateFile.Temporary();
            var buffer = new byte[CopiedAtOnce];
            for (int length; (length = await upload.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (file.Length + length > LargestFile)
                {
                    return StaffRefusal.FileTooLarge;
                }

                await file.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }

            await steps.StageAsync(id, name, file, actor.Id, now, cancellationToken);
            return StaffResult.Done;
        });
    }
}
