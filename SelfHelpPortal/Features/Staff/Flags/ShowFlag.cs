using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

internal sealed record FlagView
{
    public required string Number { get; init; }
    public required FlagKind Kind { get; init; }
    public required FlagState State { get; init; }
    public required FlagStage Stage { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What the owner wrote with an objection.</summary>
    public required string? Message { get; init; }

    public required Guid LicenseId { get; init; }
    public required string LicenseNumber { get; init; }
    public required LicenseState LicenseState { get; init; }
    public required string Product { get; init; }
    public required string CustomerNumber { get; init; }
    public required string Customer { get; init; }
    public required string CustomerMail { get; init; }
    public required IReadOnlyList<FlagEvidence> Computers { get; init; }

    /// <summary>Questions and answers, newest first.</summary>
    public required IReadOnlyList<FlagMessage> Messages { get; init; }

    /// <summary>What happened to the license since the case was opened, newest first.</summary>
    public required IReadOnlyList<HistoryEntry> History { get; init; }
}

/// <summary>What speaks against one released computer.</summary>
/// <param name="TakenBy">The computer that had its seat when it was seen last, and since when.</param>
internal sealed record FlagEvidence(
    string? PcName, DateTimeOffset? ReleasedAt, ReleaseMethod? ReleasedBy, FlagStage Stage, DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt, int TimesSeen,
    string? TakenBy, DateTimeOffset? TakenSince);

/// <summary>A case with its facts.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowFlag(StaffReads reads)
{
    public Task<StaffAnswer<FlagView>> ExecuteAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowFlag), actor, new(AuditKind.CaseOpened, number), db => ReadAsync(db, number, cancellationToken), now,
            cancellationToken);

    private static async Task<FlagView?> ReadAsync(PortalDbContext db, string number, CancellationToken cancellationToken)
    {
        if (await db.Flags.AsNoTracking().Include(f => f.Computers).Include(f => f.Messages).AsSplitQuery()
            .SingleOrDefaultAsync(f => f.Number == number, cancellationToken) is not { } flag)
        {
            return null;
        }

        var license = await db.Licenses.AsNoTracking().Include(l => l.Activations)
            .SingleAsync(l => l.Id == flag.LicenseId, cancellationToken);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Id == license.ProductId, cancellationToken);
        var history = await History.ReadAsync(db, license.Id, license.Activations, cancellationToken);
        return new FlagView
        {
            Number = flag.Number,
            Kind = flag.Kind,
            State = flag.State,
            Stage = flag.Stage,
            OpenedAt = flag.OpenedAt,
            ResolvedAt = flag.ResolvedAt,
            Message = flag.Message,
            LicenseId = license.Id,
            LicenseNumber = license.Number,
            LicenseState = license.State,
            Product = product.Name,
            CustomerNumber = customer.Number,
            Customer = customer.Company,
            CustomerMail = customer.Email,
            Computers = [.. flag.Computers.OrderByDescending(c => c.Stage).ThenBy(c => c.FirstSeenAt).Select(c => Evidence(c, license))],
            Messages = [.. flag.Messages.OrderByDescending(m => m.At).ThenByDescending(m => m.Id)],
            History = [.. history.Entries.Where(e => e.At >= flag.OpenedAt)],
        };
    }

    private static FlagEvidence Evidence(FlaggedComputer computer, License license)
    {
        var released = license.Activations.Single(a => a.Id == computer.ActivationId);
        var taker = license.Activations.SingleOrDefault(a => a.Id == computer.UsedByActivationId);
        return new FlagEvidence(
            released.PcName, released.EndedAt, released.ReleasedBy, computer.Stage, computer.FirstSeenAt, computer.LastSeenAt,
            computer.TimesSeen, taker?.PcName, taker?.ActivatedAt);
    }
}
