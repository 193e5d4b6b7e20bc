using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>
/// What a receiver reads: what happened, when and to what, by number. Names, addresses, computers and reasons are not in it.
/// </summary>
internal sealed record WebhookBody(string Type, string Timestamp, WebhookData Data)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public const string TestType = "test";

    public static WebhookBody Test(DateTimeOffset now) => new(TestType, Text(now), new WebhookData());

    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>The bodies of events, in their order; what has no subject any more is left out.</summary>
    public static async Task<IReadOnlyList<(long EventId, WebhookBody Body)>> ForAsync(
        PortalDbContext db, IReadOnlyList<LicenseEvent> events, CancellationToken cancellationToken)
    {
        var streams = events.Select(e => e.Stream).Distinct().ToArray();
        var customers = await db.Licenses.Where(l => streams.Contains(l.Id)).Select(l => new { l.Id, l.CustomerId })
            .Concat(db.Invoices.Where(i => streams.Contains(i.Id)).Select(i => new { i.Id, i.CustomerId }))
            .Join(db.Customers, x => x.CustomerId, c => c.Id, (x, c) => new { x.Id, c.Number })
            .ToDictionaryAsync(x => x.Id, x => x.Number, cancellationToken);
        var licenses = await db.Licenses.Where(l => streams.Contains(l.Id))
            .ToDictionaryAsync(l => l.Id, l => l.Number, cancellationToken);
        var invoices = await db.Invoices.Where(i => streams.Contains(i.Id))
            .ToDictionaryAsync(i => i.Id, i => i.Number, cancellationToken);
        return [.. events.Select(e => (e.Id, Body(e)))];

        WebhookBody Body(LicenseEvent e)
        {
            var said = EventLog.Read(e.Data);
            return new WebhookBody(EventTypes.Of(e.Kind)!, Text(e.At), new WebhookData
            {
                Event = e.Id.ToString(CultureInfo.InvariantCulture),
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
            });
        }
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

internal sealed record WebhookData
{
    /// <summary>The id of the event, as <c>GET /api/v1/backoffice/changes</c> has it.</summary>
    public string? Event { get; init; }
    public string? License { get; init; }
    public string? Customer { get; init; }
    public string? Flag { get; init; }
    public string? Transfer { get; init; }
    public string? TransferState { get; init; }
    public string? Invoice { get; init; }
    public DateOnly? MaintenanceUntil { get; init; }
}
