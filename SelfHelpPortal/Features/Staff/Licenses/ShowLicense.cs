using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Staff.Licenses;

internal sealed record LicenseView
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }
    public required string? Serial { get; init; }
    public required string LastFive { get; init; }
    public required string Product { get; init; }
    public required LicenseState State { get; init; }
    public required int Seats { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required DateOnly? MaintenanceUntil { get; init; }

    /// <summary>When computers with few readable parts were allowed.</summary>
    public required DateTimeOffset? FewPartsAllowedAt { get; init; }

    public required string CustomerNumber { get; init; }
    public required string Customer { get; init; }
    public required string CustomerEmail { get; init; }

    /// <summary>Who had it when, the present one first.</summary>
    public required IReadOnlyList<HeldLicense> Holders { get; init; }
    public required ReleaseAllowance Allowance { get; init; }
    public required DeadPcRule DeadPc { get; init; }

    /// <summary>Granted releases that can still be used, by their end.</summary>
    public required IReadOnlyList<DateTimeOffset> Grants { get; init; }

    public required IReadOnlyList<LicenseCase> Cases { get; init; }

    /// <summary>Wanted by a colleague and not decided yet, oldest first.</summary>
    public required IReadOnlyList<WantedExclusion> Exclusions { get; init; }

    /// <summary>A loan that waits for staff.</summary>
    public required WantedLoan? Loan { get; init; }

    /// <summary>Active ones first, then the newest.</summary>
    public required IReadOnlyList<LicenseComputer> Computers { get; init; }

    /// <summary>Computers that end by themselves take none.</summary>
    public int SeatsInUse => Computers.Count(c => c.State == ActivationState.Active && c.EndsAt is null);

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<HistoryEntry> History { get; init; }

    /// <summary>There is older history than is shown.</summary>
    public required bool HasOlderHistory { get; init; }
}

internal sealed record LicenseCase(string Number, FlagKind Kind, FlagState State, FlagStage Stage, DateTimeOffset OpenedAt);

/// <param name="Reason">As it was typed; null once it was erased.</param>
internal sealed record WantedExclusion(
    Guid Id, Guid Computer, string? PcName, Guid RequestedBy, string? RequestedByName, string? Reason, DateTimeOffset ExpiresAt);

internal sealed record LicenseComputer(
    Guid Id, int Seat, int Generation, string? PcName, string? AppVersion, ActivationState State, DateTimeOffset ActivatedAt,
    DateTimeOffset? SeenAt,
    DateTimeOffset? EndedAt, ReleaseMethod? ReleasedBy, bool IsLocked)
{
    /// <summary>When its use ends by itself.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    public EndKind? EndsAs { get; init; }

    /// <summary>Until when the license is lent to another computer instead.</summary>
    public DateTimeOffset? PausedUntil { get; init; }
}

/// <param name="Repaired">The computer that is being repaired.</param>
/// <param name="Name">Of the computer that is to have the license meanwhile.</param>
/// <param name="Reason">As whoever asked typed it.</param>
internal sealed record WantedLoan(Guid Id, string? Repaired, string? Name, string Reason, DateOnly LastDay, DateTimeOffset AskedAt);

/// <summary>A license with everything that happened to it.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowLicense(StaffReads reads)
{
    public Task<StaffAnswer<LicenseView>> ExecuteAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowLicense), actor, new(AuditKind.LicenseOpened, number),
            db => ReadAsync(db, number, now, cancellationToken), now, cancellationToken);

    private static async Task<LicenseView?> ReadAsync(
        PortalDbContext db, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = await db.Licenses.Where(l => l.Number == number).Select(l => (Guid?)l.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is null || await db.LoadLicenseAsync(id.Value, cancellationToken) is not { } license)
        {
            return null;
        }

        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Id == license.ProductId, cancellationToken);
        var activations = license.Activations.Select(a => a.Id).ToArray();
        var seen = await db.ActivationsSeen.AsNoTracking().Where(s => activations.Contains(s.ActivationId))
            .ToDictionaryAsync(s => s.ActivationId, s => s.SeenAt, cancellationToken);
        var history = await History.ReadAsync(db, license.Id, license.Activations, cancellationToken);
        var wanted = await db.ExclusionRequests.AsNoTracking()
            .Where(r => r.LicenseId == license.Id && r.Decision == null && r.ExpiresAt > now)
            .OrderBy(r => r.RequestedAt).ToListAsync(cancellationToken);
        var loan = await db.Loans.AsNoTracking().SingleOrDefaultAsync(
            l => l.LicenseId == license.Id && l.State == LoanState.AwaitingStaff, cancellationToken);
        return new LicenseView
        {
            Loan = loan is null ? null : new WantedLoan(
                loan.Id, license.Activations.SingleOrDefault(a => a.Id == loan.RepairedId)?.PcName, loan.PcName, loan.Reason, loan.LastDay,
                loan.AskedAt ?? loan.CreatedAt),
            Id = license.Id,
            Number = license.Number,
            Serial = license.Serial,
            LastFive = license.Key.LastFive,
            Product = product.Name,
            State = license.State,
            Seats = license.Seats,
            ExpiresAt = license.ExpiresAt,
            MaintenanceUntil = license.MaintenanceUntil,
            FewPartsAllowedAt = license.FewPartsAllowedAt,
            CustomerNumber = customer.Number,
            Customer = customer.Company,
            CustomerEmail = customer.Email,
            Holders = await LicenseHolders.ReadAsync(db, license, cancellationToken),
            Allowance = license.AllowanceAt(now, product.Policies.Release),
            DeadPc = product.Policies.Release.DeadPc,
            Grants = [.. license.Grants.Where(g => g.UsedAt is null && g.ExpiresAt > now).Select(g => g.ExpiresAt).Order()],
            Cases = [.. license.Flags.OrderBy(f => f.OpenedAt)
                .Select(f => new LicenseCase(f.Number, f.Kind, f.State, f.Stage, f.OpenedAt))],
            Exclusions = [.. wanted.Select(r => Wanted(r, license, history))],
            Computers = [.. license.Activations.OrderByDescending(a => a.IsActive).ThenByDescending(a => a.ActivatedAt)
                .Select(a => Computer(a, license, seen))],
            History = history.Entries,
            HasOlderHistory = history.HasOlder,
        };
    }

    private static WantedExclusion Wanted(ExclusionRequest request, License license, History history)
    {
        var asked =
            history.Entries.FirstOrDefault(e => e.Kind == EventKind.ExclusionRequested && e.Data.Activation == request.ActivationId);
        var pc = license.Activations.Single(a => a.Id == request.ActivationId).PcName;
        return new(request.Id, request.ActivationId, pc, request.RequestedBy, asked?.ActorName, asked?.Text, request.ExpiresAt);
    }

    private static LicenseComputer Computer(Activation a, License license, Dictionary<Guid, DateTimeOffset> seen) => new(
        a.Id,
        a.Seat,
        a.Generation,
        a.PcName,
        a.AppVersion,
        a.State,
        a.ActivatedAt,
        seen.TryGetValue(a.Id, out var at) ? at : null,
        a.EndedAt,
        a.ReleasedBy,
        a.SettledAt is not null
        || license.Flags.Any(f => f.Computers.Any(c => c.ActivationId == a.Id && c.Stage >= FlagStage.ComputerLocked)))
    {
        EndsAt = a.IsActive ? a.EndsAt : null,
        EndsAs = a.EndsAs,
        PausedUntil = a.IsActive ? a.PausedUntil : null,
    };
}
