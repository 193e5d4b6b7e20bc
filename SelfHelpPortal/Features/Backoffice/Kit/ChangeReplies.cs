using System.ComponentModel;

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

    [Description("license.… or flag.…; new words may be added.")]
    public required string Type { get; init; }

    [Description("The number of the license.")]
    public required string License { get; init; }

    [Description("The number of its customer.")]
    public required string Customer { get; init; }

    [Description("customer, device, staff, operator, api or system.")]
    public required string Actor { get; init; }

    [Description("The case, F-…")]
    public string? Flag { get; init; }

    [Description("With license.renewed: the new last day of maintenance.")]
    public DateOnly? MaintenanceUntil { get; init; }
}
