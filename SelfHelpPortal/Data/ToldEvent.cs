using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>
/// What programs of the vendor's are told of an event, by webhooks and by the list of changes alike: what happened, when and to what, by
/// number. Names, addresses, computers and reasons are not in it.
/// </summary>
internal sealed record ToldEvent
{
    public required long Id { get; init; }

    /// <summary>See <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }
    public required ActorKind Actor { get; init; }

    /// <summary>A number, as the others; null where it does not apply.</summary>
    public string? License { get; init; }

    /// <summary>Whose license or invoice it is, or the owner of the license that an order is about.</summary>
    public string? Customer { get; init; }

    public string? Flag { get; init; }
    public string? Transfer { get; init; }

    /// <summary>In kebab-case.</summary>
    public string? TransferState { get; init; }

    public string? Invoice { get; init; }

    /// <summary>Of a renewal.</summary>
    public DateOnly? MaintenanceUntil { get; init; }

    /// <summary>The id in words, since numbers of JSON end before those of the log.</summary>
    public string IdText => TextOf(Id);

    public static string TextOf(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Looks up the numbers.</summary>
    /// <param name="events">Of kinds that have a type (<see cref="EventTypes.KindsOf"/>).</param>
    /// <returns>In the order of the events.</returns>
    public static async Task<IReadOnlyList<ToldEvent>> ForAsync(
        PortalDbContext db, IReadOnlyList<LicenseEvent> events, CancellationToken cancellationToken)
    {
        var streams = events.Select(e => e.Stream).Distinct().ToArray();
        var customers = await db.Licenses.Where(l => streams.Contains(l.Id)).Select(l => new { l.Id, l.CustomerId })
            .Concat(db.Invoices.Where(i => streams.Contains(i.Id)).Select(i => new { i.Id, i.CustomerId }))
            .Concat(db.Transfers.Where(r => streams.Contains(r.Id) && r.CustomerId != null)
                .Select(r => new { r.Id, CustomerId = r.CustomerId!.Value }))
            .Join(db.Customers, x => x.CustomerId, c => c.Id, (x, c) => new { x.Id, c.Number })
            .ToDictionaryAsync(x => x.Id, x => x.Number, cancellationToken);
        var licenses = await db.Licenses.Where(l => streams.Contains(l.Id))
            .ToDictionaryAsync(l => l.Id, l => l.Number, cancellationToken);
        var invoices = await db.Invoices.Where(i => streams.Contains(i.Id))
            .ToDictionaryAsync(i => i.Id, i => i.Number, cancellationToken);
        return [.. events.Select(Told)];

        ToldEvent Told(LicenseEvent e)
        {
            var said = EventLog.Read(e.Data);
            return new ToldEvent
            {
                Id = e.Id,
                Type = EventTypes.Of(e.Kind) ?? throw new ArgumentException($"Events of kind {e.Kind} are told nobody.", nameof(events)),
                At = e.At,
                Actor = e.ActorKind,
                License = licenses.GetValueOrDefault(e.Stream),
                Customer = customers.GetValueOrDefault(e.Stream),
                Flag = said.Case,
                Transfer = e.Kind == EventKind.Transfer ? said.Reference : null,
                TransferState = e.Kind == EventKind.Transfer && said.After is { } state
                    ? JsonNamingPolicy.KebabCaseLower.ConvertName(state)
                    : null,
                Invoice = invoices.GetValueOrDefault(e.Stream),
                MaintenanceUntil = e.Kind == EventKind.SubscriptionRenewed && said.Until is { } until
                    ? DateOnly.FromDateTime(until.UtcDateTime)
                    : null,
            };
        }
    }
}
