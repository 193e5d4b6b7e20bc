using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>A computer that uses a license now and may be the dead one.</summary>
public sealed record DeadComputer
{
    public required Guid ActivationId { get; init; }
    public required Guid CustomerId { get; init; }
    public required string Customer { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required DateTimeOffset ActivatedAt { get; init; }
    public required HardwareCode HardwareCode { get; init; }

    // With an initializer, so that the query can go on.
    internal static IQueryable<DeadComputer> InUse(PortalDbContext db, string productId, IReadOnlyList<string>? numbers = null) =>
        from a in db.Activations.AsNoTracking()
        join l in db.Licenses on a.LicenseId equals l.Id
        join c in db.Customers on l.CustomerId equals c.Id
        where l.ProductId == productId && a.State == ActivationState.Active && a.EndsAt == null
            && (numbers == null || numbers.Contains(l.Number) || numbers.Contains(l.Serial!))
        select new DeadComputer
        {
            ActivationId = a.Id,
            CustomerId = l.CustomerId,
            Customer = c.Company,
            LicenseNumber = l.Number,
            PcName = a.PcName,
            ActivatedAt = a.ActivatedAt,
            HardwareCode = a.HardwareCode,
        };
}

internal sealed record DeadComputers(IReadOnlyList<DeadComputer> Computers);

/// <summary>The computers of a license that a clerk names.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class FindDeadComputer(StaffReads reads)
{
    public Task<StaffAnswer<DeadComputers>> ExecuteAsync(
        StaffActor actor, string productId, string numberOrSerial, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = LicenseNumber.Readings(numberOrSerial);
        return reads.ReadAsync<DeadComputers>(
            typeof(FindDeadComputer),
            actor,
            AuditedRead.Search(AuditKind.LicensesSearched, asked is [var first, ..] ? first : ""),
            async db => new DeadComputers(
                await DeadComputer.InUse(db, productId, asked).OrderBy(c => c.ActivatedAt).ToListAsync(cancellationToken)),
            now,
            cancellationToken);
    }
}
