using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Flags;

internal sealed record FlagView
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }
    public required FlagKind Kind { get; init; }
    public required FlagState State { get; init; }
    public required FlagStage Stage { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What staff found it to be.</summary>
    public required FlagCause? Cause { get; init; }

    /// <summary>What the owner wrote with an objection.</summary>
    public required string? Message { get; init; }

    public required Guid LicenseId { get; init; }
    public required string LicenseNumber { get; init; }
    public required LicenseState LicenseState { get; init; }
    public required string Product { get; init; }
    public required ProductPolicies Policies { get; init; }
    public required string CustomerNumber { get; init; }
    public required string Customer { get; init; }
    public required string CustomerMail { get; init; }

    /// <summary>From the newest order; customers themselves have none.</summary>
    public required string? Phone { get; init; }

    /// <summary>Street and city, each a line; empty = none is known.</summary>
    public required IReadOnlyList<string> Address { get; init; }

    /// <summary>What the case most probably is; null of an objection.</summary>
    public required FlagVerdict? Verdict { get; init; }

    /// <summary>How often that verdict was right: of so many resolved cases.</summary>
    public required VerdictRecord Record { get; init; }

    /// <summary>The one that went furthest first; the verdict is on that one.</summary>
    public required IReadOnlyList<SeenComputer> Computers { get; init; }

    public required IReadOnlyList<Lane> Lanes { get; init; }

    /// <summary>The computers that have a seat now, for whoever finds that another one is out of use.</summary>
    public required IReadOnlyList<(Guid Id, string? PcName)> Active { get; init; }

    /// <summary>Questions and answers, newest first.</summary>
    public required IReadOnlyList<FlagMessage> Messages { get; init; }

    /// <summary>Other cases of the license and the customer that were opened before, newest first.</summary>
    public required IReadOnlyList<EarlierCase> Earlier { get; init; }

    /// <summary>Open cases that may have the same reason, oldest first.</summary>
    public required IReadOnlyList<RelatedCase> Related { get; init; }

    /// <summary>Asked for by a colleague, or approved and not finished.</summary>
    public required WantedIncident? Incident { get; init; }

    /// <summary>What the portal has written about the case, newest first.</summary>
    public required IReadOnlyList<CaseMail> Mails { get; init; }

    /// <summary>Resolved, and no other case of the license is open.</summary>
    public required bool CanBeReopened { get; init; }

    /// <summary>What happened to the license since the case was opened, newest first.</summary>
    public required IReadOnlyList<HistoryEntry> History { get; init; }
}

/// <summary>What speaks against one released computer.</summary>
/// <param name="TakenBy">The computer that had its seat when it was seen last, and since when.</param>
/// <param name="Silent">Names of the customer's other computers that were not seen since the release.</param>
internal sealed record SeenComputer(
    Guid Id, string? PcName, DateTimeOffset? ReleasedAt, ReleaseMethod? ReleasedBy, FlagStage Stage, DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt, int TimesSeen, string? TakenBy, DateTimeOffset? TakenSince, FlagEvidence Evidence,
    IReadOnlyList<string?> Silent, string? Version, string? TakenByVersion);

/// <param name="Cases">Resolved cases that had this verdict.</param>
internal readonly record struct VerdictRecord(int Cases, int Right);

/// <param name="Text">The reason that was typed when it was resolved.</param>
internal sealed record EarlierCase(
    string Number, FlagKind Kind, string LicenseNumber, DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt, FlagCause? Cause,
    string? Text);

/// <param name="IsSameCustomer">Otherwise it is of the same product and the same hour.</param>
public sealed record RelatedCase(
    string Number, string LicenseNumber, bool IsLocked, string Customer, string Email, bool IsSameCustomer, DateTimeOffset OpenedAt);

/// <param name="Open">The numbers of its cases that are not resolved.</param>
internal sealed record WantedIncident(
    Guid Id, Guid RequestedBy, string? RequestedByName, FlagCause Cause, string? Reason, DateTimeOffset ExpiresAt, bool IsApproved,
    IReadOnlyList<string> Open);

internal sealed record CaseMail(Guid Id, string Subject, string ToAddress, OutboxState State, DateTimeOffset CreatedAt, string? Text);

/// <summary>A case with its facts.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowFlag(StaffReads reads, ProductCatalog products)
{
    private const int MostEarlier = 20;
    private const int MostMails = 30;

    /// <summary>Faults of ours reach many customers at about the same time.</summary>
    private static readonly TimeSpan SameTime = TimeSpan.FromHours(1);

    public Task<StaffAnswer<FlagView>> ExecuteAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowFlag), actor, new(AuditKind.CaseOpened, number), db => ReadAsync(db, number, now, cancellationToken), now,
            cancellationToken);

    private async Task<FlagView?> ReadAsync(PortalDbContext db, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Flags.AsNoTracking().Include(f => f.Computers).Include(f => f.Messages).AsSplitQuery()
            .SingleOrDefaultAsync(f => f.Number == number, cancellationToken) is not { } flag)
        {
            return null;
        }

        var license = await db.Licenses.AsNoTracking().Include(l => l.Activations)
            .SingleAsync(l => l.Id == flag.LicenseId, cancellationToken);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var history = await History.ReadAsync(db, license.Id, license.Activations, cancellationToken);
        var facts = await CaseFacts.ReadAsync(db, flag, license, product.Policies.CheckIn, cancellationToken);
        var verdict = facts.Select(f => f.Verdict).FirstOrDefault();
        return new FlagView
        {
            Id = flag.Id,
            Number = flag.Number,
            Kind = flag.Kind,
            State = flag.State,
            Stage = flag.Stage,
            OpenedAt = flag.OpenedAt,
            ResolvedAt = flag.ResolvedAt,
            Cause = flag.Cause,
            Message = flag.Message,
            LicenseId = license.Id,
            LicenseNumber = license.Number,
            LicenseState = license.State,
            Product = product.Name,
            Policies = product.Policies,
            CustomerNumber = customer.Number,
            Customer = customer.Company,
            CustomerMail = customer.Email,
            Phone = await PhoneAsync(db, customer, cancellationToken),
            Address =
                [.. new[] { customer.Street, $"{customer.PostalCode} {customer.City}".Trim() }.Where(line => line is { Length: > 0 })!],
            Verdict = verdict,
            Record = await RecordAsync(db, flag, verdict?.Cause, cancellationToken),
            Computers = [.. facts.Select(Seen)],
            Lanes = Lane.Draw(flag, license, history),
            Active = [.. license.ActiveComputers.Where(a => a.HasSeat).OrderBy(a => a.Seat).Select(a => (a.Id, a.PcName))],
            Messages = [.. flag.Messages.OrderByDescending(m => m.At).ThenByDescending(m => m.Id)],
            Earlier = await EarlierAsync(db, flag, customer, cancellationToken),
            Related = flag is { IsOpen: true, Kind: FlagKind.Sighting }
                ? await RelatedAsync(db, flag, license, cancellationToken)
                : [],
            Incident = await IncidentAsync(db, flag, now, cancellationToken),
            Mails = await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Reference == flag.Number).OrderByDescending(m => m.Id)
                .Take(MostMails).Select(m => new CaseMail(m.Id, m.Subject, m.ToAddress, m.State, m.CreatedAt, m.CopyText))
                .ToListAsync(cancellationToken),
            CanBeReopened = !flag.IsOpen && license.State != LicenseState.Revoked && !await db.Flags.AnyAsync(
                f => f.LicenseId == license.Id && f.State != FlagState.Resolved, cancellationToken),
            History = [.. history.Entries.Where(e => e.At >= flag.OpenedAt)],
        };
    }

    private static SeenComputer Seen(CaseFacts facts) => new(
        facts.Old.Id, facts.Old.PcName, facts.Old.EndedAt, facts.Old.ReleasedBy, facts.Seen.Stage, facts.Seen.FirstSeenAt,
        facts.Seen.LastSeenAt, facts.Seen.TimesSeen, facts.Taker?.PcName, facts.Taker?.ActivatedAt, facts.Evidence, facts.Silent,
        facts.Old.AppVersion, facts.Taker?.AppVersion);

    private static async Task<string?> PhoneAsync(PortalDbContext db, Licensing.Customer customer, CancellationToken cancellationToken) =>
        (await db.Transfers.AsNoTracking().Where(r => r.CustomerId == customer.Id).OrderByDescending(r => r.Id).Take(5)
            .ToListAsync(cancellationToken)).Select(r => r.Contact?.Phone).FirstOrDefault(phone => !string.IsNullOrWhiteSpace(phone));

    private static async Task<VerdictRecord> RecordAsync(
        PortalDbContext db, Flag flag, FlagCause? verdict, CancellationToken cancellationToken)
    {
        if (verdict is null)
        {
            return default;
        }

        var cases = db.Flags.Where(f => f.Verdict == verdict && f.Cause != null && f.Id != flag.Id);
        return new VerdictRecord(
            await cases.CountAsync(cancellationToken), await cases.CountAsync(f => f.Cause == verdict, cancellationToken));
    }

    private static async Task<IReadOnlyList<EarlierCase>> EarlierAsync(
        PortalDbContext db, Flag flag, Licensing.Customer customer, CancellationToken cancellationToken)
    {
        var cases = await (
            from f in db.Flags
            join l in db.Licenses on f.LicenseId equals l.Id
            where (l.CustomerId == customer.Id || l.Id == flag.LicenseId) && f.Id != flag.Id && f.OpenedAt <= flag.OpenedAt
            orderby f.OpenedAt descending
            select new { Case = f, License = l.Number }).AsNoTracking().Take(MostEarlier).ToListAsync(cancellationToken);
        var streams = cases.Select(c => c.Case.LicenseId).Distinct().ToList();
        var ends = (await db.Events.AsNoTracking().Include(e => e.Detail)
                .Where(e => streams.Contains(e.Stream) && e.Kind == EventKind.Unlocked).ToListAsync(cancellationToken))
            .OrderBy(e => e.At).ToLookup(e => EventLog.Read(e.Data).Case, e => e.Detail?.Text);
        return [.. cases.Select(c => new EarlierCase(
            c.Case.Number, c.Case.Kind, c.License, c.Case.OpenedAt, c.Case.ResolvedAt, c.Case.Cause, ends[c.Case.Number].LastOrDefault()))];
    }

    private static async Task<IReadOnlyList<RelatedCase>> RelatedAsync(
        PortalDbContext db, Flag flag, License license, CancellationToken cancellationToken)
    {
        var (begin, end) = (flag.OpenedAt - SameTime, flag.OpenedAt + SameTime);
        return await (
            from f in db.Flags
            where f.State != FlagState.Resolved && f.Kind == FlagKind.Sighting && f.Id != flag.Id
            join l in db.Licenses on f.LicenseId equals l.Id
            join c in db.Customers on l.CustomerId equals c.Id
            where c.Id == license.CustomerId || (l.ProductId == license.ProductId && f.OpenedAt >= begin && f.OpenedAt <= end)
            orderby f.OpenedAt
            select new RelatedCase(
                f.Number, l.Number, l.State == LicenseState.Locked, c.Company, c.Email, c.Id == license.CustomerId, f.OpenedAt))
            .AsNoTracking().Take(IncidentRequest.MostCases - 1).ToListAsync(cancellationToken);
    }

    private static async Task<WantedIncident?> IncidentAsync(
        PortalDbContext db, Flag flag, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.IncidentRequests.AsNoTracking()
            .Where(r => r.FlagIds.Contains(flag.Id) && r.ExpiresAt > now
                && (r.Decision == null || r.Decision == TwoPersonDecision.Approved))
            .OrderByDescending(r => r.RequestedAt).FirstOrDefaultAsync(cancellationToken) is not { } asked)
        {
            return null;
        }

        var open = await db.Flags.Where(f => asked.FlagIds.Contains(f.Id) && f.State != FlagState.Resolved).OrderBy(f => f.OpenedAt)
            .Select(f => f.Number).ToListAsync(cancellationToken);
        var told = await db.Events.AsNoTracking().Include(e => e.Detail)
            .Where(e => e.Stream == asked.LicenseId && e.Kind == EventKind.IncidentRequested && e.ActorId == asked.RequestedBy)
            .OrderByDescending(e => e.Seq).FirstOrDefaultAsync(cancellationToken);
        return open.Count == 0
            ? null
            : new WantedIncident(
                asked.Id, asked.RequestedBy, told?.Detail?.ActorName, asked.Cause, told?.Detail?.Text, asked.ExpiresAt,
                asked.Decision == TwoPersonDecision.Approved, open);
    }
}
