namespace SelfHelpPortal.Data;

/// <summary>
/// How programs of the vendor's know events: what happened, after the topic it belongs to. Words may be added; none ever changes.
/// </summary>
internal static class EventTypes
{
    public const string License = "license";
    public const string Flag = "flag";
    public const string Transfer = "transfer";
    public const string Invoice = "invoice";

    /// <summary>The topics that somebody may want to hear of.</summary>
    public static readonly string[] Topics = [License, Flag, Transfer, Invoice];

    /// <returns>Null for what the portal tells nobody outside: refused acts, people, and what two of them have yet to decide.</returns>
    public static string? Of(EventKind kind) => kind switch
    {
        EventKind.Imported => "license.created",
        EventKind.LicenseChanged => "license.changed",
        EventKind.Activated => "license.activated",
        EventKind.Released => "license.released",
        EventKind.Superseded => "license.superseded",
        EventKind.Excluded => "license.computer-excluded",
        EventKind.Suspended => "license.suspended",
        EventKind.Resumed => "license.resumed",
        EventKind.Revoked => "license.revoked",
        EventKind.ReleaseGranted => "license.release-granted",
        EventKind.FewPartsAllowed => "license.few-parts-allowed",
        EventKind.EmergencyCodeGranted => "license.emergency-code-granted",
        EventKind.SubscriptionRenewed => "license.renewed",
        EventKind.SubscriptionShortened => "license.shortened",
        EventKind.Restored => "license.restored",
        EventKind.HolderChanged => "license.holder-changed",
        EventKind.LoanAsked => "license.loan-asked",
        EventKind.LoanDeclined => "license.loan-declined",
        EventKind.Lent => "license.lent",
        EventKind.Leaving => "license.leaving",
        EventKind.RanOut => "license.ran-out",
        EventKind.EndLifted => "license.end-lifted",
        EventKind.Sighted => "flag.sighted",
        EventKind.ComputerLocked => "flag.computer-locked",
        EventKind.LicenseLocked => "flag.license-locked",
        EventKind.LockHeld => "flag.lock-held",
        EventKind.Unlocked => "flag.unlocked",
        EventKind.Reopened => "flag.reopened",
        EventKind.Objected => "flag.objected",
        EventKind.FlagAsked => "flag.asked",
        EventKind.FlagAnswered => "flag.answered",
        EventKind.Transfer => "transfer.changed",
        EventKind.InvoiceIssued => "invoice.issued",
        EventKind.InvoiceCancelled => "invoice.cancelled",
        EventKind.PaymentRecorded => "invoice.payment-recorded",
        EventKind.InvoiceReminded => "invoice.reminded",
        EventKind.InvoiceSent => "invoice.sent-again",
        EventKind.ExclusionRequested or EventKind.ExclusionDeclined or EventKind.ExclusionWithdrawn or EventKind.IncidentRequested
            or EventKind.IncidentDeclined or EventKind.IncidentWithdrawn or EventKind.RemindersPaused or EventKind.RemindersResumed
            or EventKind.CustomerRemindersPaused or EventKind.CustomerRemindersResumed or EventKind.MemberChanged
            or EventKind.AccountErased or EventKind.CustomerErased or EventKind.CustomerChanged or EventKind.CustomerCreated
            or EventKind.CustomerMailChanged or EventKind.CustomerMerged or EventKind.Appointment or EventKind.OwnerChange
            or EventKind.Noted or EventKind.Refused => null,
    };

    /// <summary>The events of these topics.</summary>
    public static EventKind[] KindsOf(params IEnumerable<string> topics) =>
        [.. Enum.GetValues<EventKind>().Where(kind => Of(kind) is { } type && topics.Contains(TopicOf(type)))];

    private static string TopicOf(string type) => type[..type.IndexOf('.', StringComparison.Ordinal)];
}
