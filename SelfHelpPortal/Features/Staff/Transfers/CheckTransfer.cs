using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Shows a clerk what a typed order would be, with its price and with what is missing, before he sends it.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class CheckTransfer(StaffReads reads, TransferEntry entry)
{
    /// <param name="language">Of the page.</param>
    public Task<StaffAnswer<CheckedTransfer>> ExecuteAsync(
        StaffActor actor, TypedTransfer typed, string language, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            typeof(CheckTransfer), actor, isLookUp: true,
            found => found.License is { } license ? new AuditedRead(AuditKind.LicenseOpened, license.Number) : null,
            async db => (CheckedTransfer?)await entry.CheckAsync(db, typed, language, now, cancellationToken), now, cancellationToken);
}
