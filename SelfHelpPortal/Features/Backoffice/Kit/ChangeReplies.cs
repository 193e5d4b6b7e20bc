using System.ComponentModel;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Backoffice.Kit;

internal sealed record ChangesReply
{
    [Description("Oldest first.")]
    public required IReadOnlyList<ChangeReply> Changes { get; init; }

    [Description("Give this as since to get what follows. It is there also when nothing has happened.")]
    public required string Next { get; init; }

    [Description("Whether more is there already.")]
    public required bool HasMore { get; init; }
}

internal sealed record ChangeReply
{
    [Description("Grows; the same event has the same id for good.")]
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    [Description("license.…, flag.…, transfer.changed or invoice.…, as webhooks have it; new words may be added.")]
    public required string Type { get; init; }

    [Description("customer, device, staff, operator, api or system.")]
    public required string Actor { get; init; }

    [Description("The number of the license; with license.… and flag.…")]
    public string? License { get; init; }

    [Description("The number of the customer, where one is known.")]
    public string? Customer { get; init; }

    [Description("The case, F-…")]
    public string? Flag { get; init; }

    [Description("The order, M-…; with transfer.changed.")]
    public string? Transfer { get; init; }

    [Description("With transfer.changed: the new state of the order, such as submitted or completed.")]
    public string? TransferState { get; init; }

    [Description("The number of the invoice or cancellation; with invoice.…")]
    public string? Invoice { get; init; }

    [Description("With license.renewed: the new last day of maintenance.")]
    public DateOnly? MaintenanceUntil { get; init; }

    public static ChangeReply From(ToldEvent told) => new()
    {
        Id = told.IdText,
        At = told.At,
        Type = told.Type,
        Actor = told.Actor.ToString().ToLowerInvariant(),
        License = told.License,
        Customer = told.Customer,
        Flag = told.Flag,
        Transfer = told.Transfer,
        TransferState = told.TransferState,
        Invoice = told.Invoice,
        MaintenanceUntil = told.MaintenanceUntil,
    };
}
