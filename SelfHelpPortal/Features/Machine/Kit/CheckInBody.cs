using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Kit;

/// <inheritdoc/>
internal sealed record CheckInBody : DeviceBody
{
    [Required]
    [Description("The computer's fingerprint as it is now.")]
    public string? HardwareCode { get; init; }

    [StringLength(Fields.AppVersionLength)]
    public string? AppVersion { get; init; }
}

internal sealed record CheckInReply
{
    [Description("Whether the software may go on.")]
    public required bool Valid { get; init; }

    public required string Code { get; init; }

    [Description("A sentence to show, in the language of Accept-Language (de, en).")]
    public required string Message { get; init; }

    [Description("Ask again after so many days.")]
    public required int CheckEveryDays { get; init; }

    [Description("Go on so many days without an answer.")]
    public required int GraceDays { get; init; }

    [Description("The last day on which updates are included.")]
    public DateOnly? MaintenanceUntil { get; init; }

    [Description("With a computer on loan, or an old one that goes on for some days after a move: when its use ends by itself.")]
    public DateTimeOffset? EndsAt { get; init; }

    [Description("A newer license file; replace the one you have.")]
    public string? License { get; init; }

    [Description("With LOCKED_ILLEGAL: the case to name when calling support.")]
    public string? CaseNumber { get; init; }

    [Description("JWS (typ lshp-answer+jwt) over nonce, ts, act, gen, valid and code. Believe this, not the fields beside it.")]
    public required string Answer { get; init; }
}
