using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Features.Customer.ActivateOffline;

/// <summary>Everything that can come of an activation, as its page announces it in <c>data-outcome</c>.</summary>
internal enum ActivationOutcome
{
    Activated,

    /// <summary>Nothing stands in the way any more; the button acts.</summary>
    Ready,
    TooManyActivations,
    Locked,
    Suspended,
    Revoked,
    Expired,
    DeviceExcluded,

    /// <summary>Too few parts of the computer can be read to tell it from others; staff can allow it.</summary>
    FewParts,
    AskSupport,
}

internal static class ActivationOutcomes
{
    public static ActivationOutcome From(Refusal refusal) => refusal switch
    {
        Refusal.TooManyActivations => ActivationOutcome.TooManyActivations,
        Refusal.Locked => ActivationOutcome.Locked,
        Refusal.Suspended => ActivationOutcome.Suspended,
        Refusal.Revoked => ActivationOutcome.Revoked,
        Refusal.Expired => ActivationOutcome.Expired,
        Refusal.DeviceExcluded => ActivationOutcome.DeviceExcluded,
        Refusal.FewParts => ActivationOutcome.FewParts,
        Refusal.ClockSkew or Refusal.TooManyTries or Refusal.Unknown or Refusal.WrongProduct or Refusal.Frozen or Refusal.NotActive
        or Refusal.ChooseComputer
            or Refusal.WrongCode or Refusal.StaffOnly or Refusal.PaidTransfer or Refusal.LimitUsedUp or Refusal.TooSoon
            or Refusal.ProofNotYet or Refusal.ConfirmByMail
            or Refusal.Conflict or Refusal.InvoiceInvalid => ActivationOutcome.AskSupport,
    };

    /// <summary>The word of <c>data-outcome</c>.</summary>
    public static string Word(this ActivationOutcome outcome) => outcome switch
    {
        ActivationOutcome.Activated => "activated",
        ActivationOutcome.Ready => "ready",
        ActivationOutcome.TooManyActivations => "too-many-activations",
        ActivationOutcome.Locked => "locked",
        ActivationOutcome.Suspended => "suspended",
        ActivationOutcome.Revoked => "revoked",
        ActivationOutcome.Expired => "expired",
        ActivationOutcome.DeviceExcluded => "device-excluded",
        ActivationOutcome.FewParts => "few-parts",
        ActivationOutcome.AskSupport => "ask-support",
    };
}

/// <summary>What the page of an activation shows: to the holder of the key, so no names in full and no address.</summary>
internal sealed record ActivationView
{
    public required ActivationOutcome Outcome { get; init; }
    public required string ProductName { get; init; }
    public required string LicenseNumber { get; init; }
    public required string KeyLastFive { get; init; }
    public required int Seats { get; init; }

    /// <summary>As it is stored; the page masks it.</summary>
    public required string? PcName { get; init; }

    /// <summary>The first two groups, to tell computers apart.</summary>
    public required string HardwareBegins { get; init; }

    /// <summary>Until when the page can be opened.</summary>
    public required DateTimeOffset Until { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }
    public IReadOnlyList<ComputerInUse> InUse { get; init; } = [];
    public string? CaseNumber { get; init; }

    /// <summary>With <see cref="ActivationOutcome.FewParts"/>: the kinds of parts that could be read.</summary>
    public IReadOnlyList<string> ReadableParts { get; init; } = [];

    /// <summary>The license file, once there is one.</summary>
    public string? File { get; init; }
}
