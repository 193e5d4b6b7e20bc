using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>What a receiver reads (<see cref="ToldEvent"/>).</summary>
internal sealed record WebhookBody(string Type, string Timestamp, WebhookData Data)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public const string TestType = "test";

    public static WebhookBody Test(DateTimeOffset now) => new(TestType, Text(now), new WebhookData());

    public static WebhookBody From(ToldEvent told) => new(told.Type, Text(told.At), new WebhookData
    {
        Event = told.IdText,
        License = told.License,
        Customer = told.Customer,
        Flag = told.Flag,
        Transfer = told.Transfer,
        TransferState = told.TransferState,
        Invoice = told.Invoice,
        MaintenanceUntil = told.MaintenanceUntil,
    });

    public string Write() => JsonSerializer.Serialize(this, Json);

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
