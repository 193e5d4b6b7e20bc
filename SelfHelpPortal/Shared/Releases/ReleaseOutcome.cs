using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>Everything that can come of a release, as pages announce it in <c>data-outcome</c> (flows.md).</summary>
public enum ReleaseOutcome
{
    /// <summary>The confirm page.</summary>
    Confirm,
    Released,
    AlreadyReleased,
    MailSent,
    OfferTransfer,
    Locked,
    NotFound,
    TypingError,
    DidYouMean,
    WrongCode,
    TooManyTries,
    TooSoon,
    ProofNotYet,
    NotActive,
    AskSupport,

    /// <summary>The page or link is too old to act; the customer begins again.</summary>
    Expired,
}

internal static class ReleaseOutcomes
{
    public static ReleaseOutcome From(Refusal refusal) => refusal switch
    {
        Refusal.Unknown or Refusal.WrongProduct => ReleaseOutcome.NotFound,
        Refusal.Locked => ReleaseOutcome.Locked,
        Refusal.TooManyTries => ReleaseOutcome.TooManyTries,
        Refusal.NotActive => ReleaseOutcome.NotActive,
        Refusal.ChooseComputer => ReleaseOutcome.Confirm,
        Refusal.WrongCode => ReleaseOutcome.WrongCode,
        Refusal.PaidTransfer or Refusal.LimitUsedUp => ReleaseOutcome.OfferTransfer,
        Refusal.TooSoon => ReleaseOutcome.TooSoon,
        Refusal.ProofNotYet => ReleaseOutcome.ProofNotYet,
        Refusal.ConfirmByMail => ReleaseOutcome.MailSent,
        Refusal.DeviceExcluded or Refusal.Revoked or Refusal.Suspended or Refusal.Frozen or Refusal.Expired or Refusal.StaffOnly
            or Refusal.FewParts or Refusal.TooManyActivations or Refusal.Conflict or Refusal.InvoiceInvalid or Refusal.ClockSkew =>
                ReleaseOutcome.AskSupport,
    };

    /// <summary>The word of <c>data-outcome</c>.</summary>
    public static string Word(this ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.Confirm => "confirm",
        ReleaseOutcome.Released => "released",
        ReleaseOutcome.AlreadyReleased => "already-released",
        ReleaseOutcome.MailSent => "mail-sent",
        ReleaseOutcome.OfferTransfer => "offer-transfer",
        ReleaseOutcome.Locked => "locked",
        ReleaseOutcome.NotFound => "not-found",
        ReleaseOutcome.TypingError => "typing-error",
        ReleaseOutcome.DidYouMean => "did-you-mean",
        ReleaseOutcome.WrongCode => "wrong-code",
        ReleaseOutcome.TooManyTries => "too-many-tries",
        ReleaseOutcome.TooSoon => "too-soon",
        ReleaseOutcome.ProofNotYet => "proof-not-yet",
        ReleaseOutcome.NotActive => "not-active",
        ReleaseOutcome.AskSupport => "ask-support",
        ReleaseOutcome.Expired => "expired",
    };
}
