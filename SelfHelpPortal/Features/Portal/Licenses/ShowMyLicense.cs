using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Portal.Licenses;

internal sealed record MyLicenseView
{
    public required string Number { get; init; }
    public required string Company { get; init; }
    public required string Product { get; init; }
    public required string LastFive { get; init; }

    /// <summary>The person is an owner of its customer.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>The person only had its key.</summary>
    public required bool IsByKey { get; init; }

    public required LicenseState State { get; init; }

    /// <summary>The open case that locks it.</summary>
    public required string? CaseNumber { get; init; }

    /// <summary>The open objection that stops further releases.</summary>
    public required string? ObjectionNumber { get; init; }

    public required bool AreReleasesStopped { get; init; }
    public required int Seats { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required DateOnly? MaintenanceUntil { get; init; }
    public required ReleasePolicy Release { get; init; }
    public required ReleaseAllowance Allowance { get; init; }

    /// <summary>The license of a dead PC can be moved by an order.</summary>
    public required bool OffersTransfer { get; init; }

    /// <summary>For a computer that stands in during a repair; null when nothing is lent, or now.</summary>
    public required string? LoanProduct { get; init; }

    /// <summary>Who the licensee is can be changed here.</summary>
    public required bool OffersOwnerChange { get; init; }

    /// <summary>When another customer handed it over; null when nobody did.</summary>
    public required DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>The person may renew the subscription now.</summary>
    public required bool OffersRenewal { get; init; }

    /// <summary>Null for a member, who sees no invoices.</summary>
    public required LastRenewal? Renewed { get; init; }

    /// <summary>Those that use it, by seat.</summary>
    public required IReadOnlyList<MyLicenseComputer> Computers { get; init; }

    public required IReadOnlyList<MyEvent> History { get; init; }

    /// <summary>Computers that end by themselves have none.</summary>
    public int SeatsInUse => Computers.Count(c => c.EndsAs is null);
}

/// <param name="HasFile">A license file for it can be downloaded.</param>
internal sealed record MyLicenseComputer(
    Guid Id, string? OwnName, string? PcName, string? AppVersion, DateTimeOffset ActivatedAt, DateTimeOffset? SeenAt, bool HasFile)
{
    public string? Name => OwnName ?? PcName;

    /// <summary>At its end, where the customer is, its use ends by itself.</summary>
    public DateOnly? LastDay { get; init; }

    public EndKind? EndsAs { get; init; }

    /// <summary>The last day on which the license is lent to another computer instead.</summary>
    public DateOnly? PausedThrough { get; init; }
}

/// <param name="ActorName">Of a person of the customer; nobody else is named.</param>
/// <param name="LastDay">Where the customer is, of what ends by itself.</param>
internal sealed record MyEvent(
    DateTimeOffset At, EventKind Kind, ActorKind By, string? ActorName, EventData Data, string? PcName, DateOnly? LastDay);

/// <summary>One license with its computers and what happened to it.</summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class ShowMyLicense(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LocalTimes times)
{
    private const int MostEvents = 100;

    /// <summary>What a customer may read of a license's history; what staff noted and what was only suspected is not among it.</summary>
    private static readonly EventKind[] Shown =
    [
        EventKind.Imported, EventKind.Activated, EventKind.Released, EventKind.Superseded, EventKind.ComputerLocked,
            EventKind.LicenseLocked,
        EventKind.Unlocked, EventKind.Excluded, EventKind.Suspended, EventKind.Resumed, EventKind.Revoked, EventKind.ReleaseGranted,
        EventKind.FewPartsAllowed,
        EventKind.LoanAsked, EventKind.LoanDeclined, EventKind.Lent, EventKind.Leaving, EventKind.RanOut, EventKind.EndLifted,
        EventKind.Objected, EventKind.Restored, EventKind.FlagAnswered, EventKind.EmergencyCodeGranted, EventKind.SubscriptionRenewed,
        EventKind.SubscriptionShortened, EventKind.LicenseChanged, EventKind.HolderChanged,
    ];

    /// <summary>Null when there is none, or it is another customer's.</summary>
    public async Task<MyLicenseView?> ExecuteAsync(
        CustomerActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnLicense.FindAsync(db, actor, typeof(ShowMyLicense), number, cancellationToken) is not { } own
            || await db.LoadLicenseAsync(own.Id, cancellationToken) is not { } license)
        {
            return null;
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var transfer = product.Policies.Transfer;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == own.CustomerId, cancellationToken);
        return new MyLicenseView
        {
            Number = license.Number,
            Company = customer.Company,
            Product = product.Name,
            LastFive = license.Key.LastFive,
            IsOwner = own.IsOwner,
            IsByKey = own.IsByKey,
            State = license.State,
            CaseNumber = license.OpenFlag(FlagKind.Sighting)?.Number,
            ObjectionNumber = license.OpenFlag(FlagKind.Objection)?.Number,
            AreReleasesStopped = license.AreReleasesStopped,
            Seats = license.Seats,
            ExpiresAt = license.ExpiresAt,
            MaintenanceUntil = license.MaintenanceUntil,
            Release = product.Policies.Release,
            Allowance = license.AllowanceAt(now, product.Policies.Release),
            OffersTransfer = transfer.IsOffered,
            LoanProduct = product.Policies.Loans.IsOffered && license.State == LicenseState.Active && license.Temporary(now) is null
                ? product.Id
                : null,
            OffersOwnerChange = own.IsOwner && product.Policies.Ownership.IsOffered,
            HandedOverAt = await db.LicenseHolders.Where(h => h.LicenseId == own.Id)
                .MaxAsync(h => (DateTimeOffset?)h.Until, cancellationToken),
            OffersRenewal = own.IsOwner && license.State == LicenseState.Active
                && transfer.OffersRenewal(await SubscriptionEnd.FindAsync(db, license, cancellationToken), times.Today(now)),
            Renewed = own.IsOwner ? await LastRenewal.FindAsync(db, own.Id, own.CustomerId, cancellationToken) : null,
            Computers = await ComputersAsync(db, license, own, customer, now, cancellationToken),
            History = await HistoryAsync(db, license, own, customer, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<MyLicenseComputer>> ComputersAsync(
        PortalDbContext db, License license, OwnLicense own, Licensing.Customer customer, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var active = license.ActiveComputers.Where(a => !a.IsOver(now)).OrderBy(a => a.Seat).ThenBy(a => a.ActivatedAt).ToList();
        var ids = active.Select(a => a.Id).ToList();
        var more = await (
            from a in db.Activations
            where ids.Contains(a.Id)
            select new
            {
                a.Id,
                SeenAt = db.ActivationsSeen.Where(s => s.ActivationId == a.Id).Select(s => (DateTimeOffset?)s.SeenAt).FirstOrDefault(),
                HasFile = db.Set<StoredLicenseFile>().Any(f => f.ActivationId == a.Id),
            }).ToDictionaryAsync(a => a.Id, cancellationToken);
        var masked = own.IsByKey ? PcNames.MaskedApart([.. active.Select(a => a.OwnName ?? a.PcName)]) : null;
        return
        [
            .. active.Select((a, i) => (masked is null
                ? new MyLicenseComputer(a.Id, a.OwnName, a.PcName, a.AppVersion, a.ActivatedAt, more[a.Id].SeenAt, more[a.Id].HasFile)
                : new MyLicenseComputer(a.Id, null, masked[i], null, a.ActivatedAt, more[a.Id].SeenAt, HasFile: false))
                with
            {
                LastDay = Day(a.EndsAt),
                EndsAs = a.EndsAs,
                PausedThrough = a.IsPaused(now) ? Day(a.PausedUntil) : null,
            }),
        ];

        DateOnly? Day(DateTimeOffset? end) => end is { } at ? times.LastDayOf(at, customer) : null;
    }

    private async Task<IReadOnlyList<MyEvent>> HistoryAsync(
        PortalDbContext db, License license, OwnLicense own, Licensing.Customer customer, CancellationToken cancellationToken)
    {
        var names =
            license.Activations.ToDictionary(a => a.Id, a => own.IsByKey ? PcNames.Masked(a.OwnName ?? a.PcName) : a.OwnName ?? a.PcName);
        // What happened while somebody else had it is nobody's business here.
        var since = await LicenseHolders.HeldSinceAsync(db, license, cancellationToken);
        var events = await db.Events.AsNoTracking().Where(e => e.Stream == license.Id && Shown.Contains(e.Kind) && e.At >= since)
            .OrderByDescending(e => e.Seq).Take(MostEvents)
            .Select(e => new
            {
                e.At,
                e.Kind,
                e.ActorKind,
                Name = e.ActorKind == ActorKind.Customer && !own.IsByKey
                ? e.Detail!.ActorName
                : null,
                e.Data
            }).ToListAsync(cancellationToken);
        return
        [
            .. from e in events
               let data = EventLog.Read(e.Data)
               select new MyEvent(e.At, e.Kind, e.ActorKind, e.Name, data, data.Activation is { } id ? names.GetValueOrDefault(id) : null,
                   e.Kind is EventKind.Lent or EventKind.Leaving && data.Until is { } end ? times.LastDayOf(end, customer) : null),
        ];
    }
}
