namespace SelfHelpPortal.Licensing.Transfers;

/// <summary>Where a transfer request stands (domain.md, states).</summary>
public enum TransferState
{
    /// <summary>Being filled in; for 14 days.</summary>
    Draft,

    /// <summary>The owner has been asked by a mail to the address on file.</summary>
    AwaitingConfirmation,
    Submitted,

    /// <summary>Staff look at it.</summary>
    InReview,

    /// <summary>The customer has been asked something.</summary>
    NeedsAnswer,

    /// <summary>Accepted, and its invoice may be issued; the license is not yet with the new computer.</summary>
    Accepted,
    Completed,
    Declined,
    Withdrawn,
    Expired,
}

/// <summary>What the customer chose instead of losing the license with the dead PC.</summary>
public enum TransferRemedy
{
    /// <summary>The fee for the move.</summary>
    Fee,

    /// <summary>The subscription is renewed, and the move costs nothing.</summary>
    Renewal,
}

/// <summary>How it became clear which license was on the dead PC.</summary>
public enum TransferIdentification
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The customer typed its key, on the way from the release page.</summary>
    Key,

    /// <summary>The customer stated its number or serial, which is only a name.</summary>
    Stated,

    /// <summary>It was the only one left beside the working computers.</summary>
    Elimination,

    /// <summary>Staff found it.</summary>
    Staff,
}

/// <summary>Why a request is not settled without staff.</summary>
public enum ReviewReason
{
    /// <summary>The product's policy.</summary>
    Policy,

    /// <summary>At least one license could not be identified, or several are left.</summary>
    NotIdentified,

    /// <summary>A business in another EU state with a VAT id that nobody has confirmed.</summary>
    VatIdNotConfirmed,

    /// <summary>The tax case is not decided by rules.</summary>
    TaxUndecided,

    /// <summary>The license is locked, suspended or frozen, or its computer is active no longer.</summary>
    LicenseStanding,

    /// <summary>What was shown is more than 30 days old.</summary>
    PriceTooOld,

    /// <summary>Settling was tried and refused.</summary>
    SettlingRefused,

    /// <summary>The license was only stated, and another order for it waits for the owner already.</summary>
    AnotherWaits,
}
