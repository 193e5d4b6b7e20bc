using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What every act of staff carries.</summary>
/// <param name="CommandId">Made when the dialog was opened: however often it is sent, the act happens once.</param>
/// <param name="Reason">Why, in words that colleagues and auditors read.</param>
internal sealed record StaffAct(Guid CommandId, StaffActor Actor, string Reason)
{
    public const int ShortestReason = 3;
    public const int LongestReason = 1000;

    public bool HasReason => Reason.Trim().Length is >= ShortestReason and <= LongestReason;
}

/// <summary>Why an act of staff was refused.</summary>
public enum StaffRefusal
{
    /// <summary>The reason is missing or too long.</summary>
    Reason,

    /// <summary>Nobody has said what the case turned out to be.</summary>
    Cause,

    /// <summary>The end of what was granted is not a day in the next year.</summary>
    Until,

    /// <summary>The amount is none, or far from what an invoice asks for.</summary>
    Amount,

    /// <summary>The amount is not what is outstanding, and nobody has said that it is meant.</summary>
    AmountDiffers,

    /// <summary>The amount is more than ten times what the invoice asks for, or more goes back than came in.</summary>
    AmountImpossible,

    /// <summary>The day of a payment lies ahead, or more than a year back.</summary>
    Day,

    /// <summary>The document breaks a rule of invoices; <see cref="StaffResult.Broken"/> says which.</summary>
    InvoiceInvalid,

    /// <summary>This was sent before with another content.</summary>
    SentBefore,

    /// <summary>A license or computer of the request is unknown.</summary>
    NotIdentified,

    /// <summary>A license is locked, suspended, ended or frozen, or its computer is active no longer.</summary>
    LicenseStanding,

    /// <summary>The vendor's settings are not enough for an invoice.</summary>
    NoInvoicing,

    /// <summary>The rules do not decide the tax case.</summary>
    TaxUndecided,

    /// <summary>The request has an invoice that was not cancelled.</summary>
    StillInvoiced,

    /// <summary>The license belongs to another customer than the request's.</summary>
    OtherCustomer,

    /// <summary>Another request moves that computer's license already.</summary>
    InOtherRequest,

    /// <summary>The license is locked, suspended, ended, or has an open case: nobody can take it over now.</summary>
    LicenseNotTransferable,

    /// <summary>An order moves the license: that is settled first.</summary>
    OrderUnderWay,

    /// <summary>The number of the customer that takes over is none, or the present one's.</summary>
    NoSuchCustomer,

    SignInEnded,
    NotPermitted,

    /// <summary>Allowed, after the factor was shown again.</summary>
    FactorTooOld,

    /// <summary>The fee is above what the role may waive.</summary>
    AboveLimit,

    /// <summary>Whoever asked for it cannot approve it too.</summary>
    SecondPerson,
    NotFound,

    /// <summary>Somebody has changed it meanwhile, or it makes no sense in this state.</summary>
    Conflict,

    /// <summary>Somebody has changed the setting since it was shown.</summary>
    SettingChanged,

    /// <summary>The setting breaks rules; <see cref="StaffResult.Broken"/> says which.</summary>
    SettingInvalid,

    /// <summary>A list is larger than what is read at once.</summary>
    FileTooLarge,

    /// <summary>A file is no list that can be read; <see cref="StaffResult.Broken"/> says why.</summary>
    FileUnreadable,

    /// <summary>A list has faulty rows, and nobody has said that the others may come in without them.</summary>
    ImportFaulty,

    /// <summary>The price is none, or above what anything costs.</summary>
    PriceAmount,

    /// <summary>The day is over.</summary>
    PriceDay,

    /// <summary>A renewal has months, a fee has none.</summary>
    PriceTerm,

    /// <summary>What stands on the invoice is missing or too long.</summary>
    PriceName,

    /// <summary>Somebody has ordered at this price.</summary>
    PriceOrdered,

    /// <summary>Not a rate of tax in percent.</summary>
    TaxRatePercent,

    /// <summary>The day of a rate has begun, or is missing.</summary>
    TaxRateDay,

    /// <summary>Not an address that can be written to.</summary>
    AccountAddress,

    /// <summary>The name of an account is missing or too long.</summary>
    AccountName,

    /// <summary>There is an account with this address.</summary>
    AddressTaken,

    /// <summary>Nobody does this with the own account.</summary>
    OwnAccount,

    /// <summary>Without this account nobody could administer the portal.</summary>
    LastAdministrator,

    /// <summary>There are not two administrators besides the person: the operator does it from the command line.</summary>
    NeedsOperator,

    /// <summary>The name of a token is missing or too long.</summary>
    TokenName,

    /// <summary>A token that may do nothing.</summary>
    TokenScopes,

    /// <summary>The last day of a token is over.</summary>
    TokenDay,

    /// <summary>Not an address that webhooks are sent to.</summary>
    WebhookAddress,

    /// <summary>A webhook that hears of nothing.</summary>
    WebhookTopics,

    /// <summary>Somebody has changed the customer's data since they were shown.</summary>
    CustomerChanged,

    /// <summary>The customer was merged into another, or had its data erased.</summary>
    CustomerGone,

    /// <summary>A customer cannot be merged into itself.</summary>
    SameCustomer,

    /// <summary>What a webhook is called is too long, or not one line.</summary>
    WebhookDescription,

    /// <summary>More searches in an hour than work needs.</summary>
    TooManyLookUps,

    /// <summary>Somebody keeps as many texts as can be looked through.</summary>
    TooManyTemplates,

    /// <summary>What was typed has a character in it that is not text, and was not kept.</summary>
    NotText,

    /// <summary>The database is away for the moment; nothing was done.</summary>
    Unavailable,

    /// <summary>The database ended the search at its limit of time.</summary>
    TookTooLong,

    /// <summary>The connection broke while it was being kept: nobody knows whether it was done.</summary>
    OutcomeUnknown,
}

internal static class StaffRefusals
{
    /// <summary>What the database could not do, as a refusal; null for every other failure.</summary>
    public static StaffRefusal? For(Exception failure) =>
        InvalidTextException.IsCauseOf(failure) ? StaffRefusal.NotText
        : DatabaseFaults.IsOutcomeUnknown(failure) ? StaffRefusal.OutcomeUnknown
        : DatabaseFaults.IsUnavailable(failure) ? StaffRefusal.Unavailable
        : null;

    public static StaffRefusal AsStaffRefusal(this GateRefusal stopped) => stopped switch
    {
        GateRefusal.SignInEnded => StaffRefusal.SignInEnded,
        GateRefusal.NotPermitted => StaffRefusal.NotPermitted,
        GateRefusal.FactorTooOld => StaffRefusal.FactorTooOld,
    };
}

/// <summary>How an act ended. Sent again, it has the same end.</summary>
/// <param name="Broken">Why a document cannot be issued or a setting cannot hold, in sentences.</param>
public readonly record struct StaffResult(StaffRefusal? Refused, IReadOnlyList<BrokenRule>? Broken = null)
{
    public static readonly StaffResult Done = new(null);

    public bool Succeeded => Refused is null;

    public static implicit operator StaffResult(StaffRefusal refusal) => new(refusal);
}
