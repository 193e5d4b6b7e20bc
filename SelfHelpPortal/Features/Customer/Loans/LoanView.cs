using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;

namespace SelfHelpPortal.Features.Customer.Loans;

public enum LoanOutcome
{
    /// <summary>Nothing has been sent yet; of the owner's page: the owner is asked.</summary>
    Check,

    /// <summary>What everybody is told who has only typed a number.</summary>
    Noted,
    MailSent,
    Submitted,
    Granted,
    Ended,
    Declined,

    /// <summary>The owner's time to agree is over.</summary>
    Expired,

    /// <summary>Another loan runs, the computer has the license already, or the day has passed meanwhile.</summary>
    NotNow,

    /// <summary>A seat is free, so that nothing needs to be lent.</summary>
    JustActivate,
    LimitUsedUp,
    FewParts,
    Locked,
    AskSupport,
    ChooseComputer,
    TooManyTries,
}

/// <summary>What the pages of a loan show.</summary>
/// <param name="Computers">Of which one is being repaired, when there are several.</param>
public sealed record LoanView(Loan Loan, Product Product, LoanOutcome Outcome, IReadOnlyList<LoanComputer> Computers)
{
    /// <summary>Null for whoever has only typed a number.</summary>
    public string? LicenseNumber { get; init; }

    public DateTimeOffset? NextAllowedAt { get; init; }
    public string? CaseNumber { get; init; }
    public IReadOnlyList<string> ReadableParts { get; init; } = [];

    /// <summary>The loan can become a transfer, with everything filled in.</summary>
    public bool LeadsToTransfer { get; init; }
}

/// <param name="Name">As it is stored; the page masks it.</param>
public sealed record LoanComputer(Guid Id, string? Name, DateTimeOffset ActivatedAt);

internal static class LoanOutcomes
{
    public static LoanOutcome From(Refusal refusal) => refusal switch
    {
        Refusal.LimitUsedUp => LoanOutcome.LimitUsedUp,
        Refusal.FewParts => LoanOutcome.FewParts,
        Refusal.Locked => LoanOutcome.Locked,
        Refusal.ChooseComputer => LoanOutcome.ChooseComputer,
        Refusal.Conflict => LoanOutcome.NotNow,
        Refusal.NotActive => LoanOutcome.JustActivate,
        Refusal.TooManyTries => LoanOutcome.TooManyTries,
        Refusal.ClockSkew or Refusal.Unknown or Refusal.WrongProduct or Refusal.DeviceExcluded or Refusal.Revoked or Refusal.Suspended
            or Refusal.Frozen or Refusal.Expired or Refusal.WrongCode or Refusal.StaffOnly or Refusal.PaidTransfer or Refusal.TooSoon
            or Refusal.ProofNotYet or Refusal.ConfirmByMail or Refusal.TooManyActivations or Refusal.InvoiceInvalid =>
            LoanOutcome.AskSupport,
    };

    public static string Word(this LoanOutcome outcome) => outcome switch
    {
        LoanOutcome.Check => "check",
        LoanOutcome.Noted => "noted",
        LoanOutcome.MailSent => "mail-sent",
        LoanOutcome.Submitted => "submitted",
        LoanOutcome.Granted => "granted",
        LoanOutcome.Ended => "ended",
        LoanOutcome.Declined => "declined",
        LoanOutcome.Expired => "expired",
        LoanOutcome.NotNow => "not-now",
        LoanOutcome.JustActivate => "just-activate",
        LoanOutcome.LimitUsedUp => "limit-used-up",
        LoanOutcome.FewParts => "few-parts",
        LoanOutcome.Locked => "locked",
        LoanOutcome.AskSupport => "ask-support",
        LoanOutcome.ChooseComputer => "choose-computer",
        LoanOutcome.TooManyTries => "too-many-tries",
    };
}
