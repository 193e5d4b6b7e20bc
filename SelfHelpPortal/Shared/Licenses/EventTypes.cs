using SelfHelpPortal.Data;

namespace SelfHelpPortal.Shared.Licenses;

/// <summary>How programs of the vendor's know the events of a license. Words may be added; none ever changes.</summary>
internal static class EventTypes
{
    /// <returns>Null for what the portal tells nobody outside: refused acts, and what two people have yet to decide.</returns>
    public static string? OfLicense(EventKind kind) => kind switch
    {
        EventKind.Imported => "license.created",
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
        EventKind.Sighted => "flag.sighted",
        EventKind.ComputerLocked => "flag.computer-locked",
        EventKind.LicenseLocked => "flag.license-locked",
        EventKind.LockHeld => "flag.lock-held",
        EventKind.Unlocked => "flag.unlocked",
        EventKind.Objected => "flag.objected",
        EventKind.FlagAsked => "flag.asked",
        EventKind.FlagAnswered => "flag.answered",
        EventKind.ExclusionRequested or EventKind.ExclusionDeclined or EventKind.ExclusionWithdrawn or EventKind.Refused => null,
        EventKind.Transfer or EventKind.InvoiceIssued or EventKind.InvoiceCancelled or EventKind.PaymentRecorded
            or EventKind.InvoiceReminded or EventKind.InvoiceSent or EventKind.RemindersPaused or EventKind.RemindersResumed
            or EventKind.CustomerRemindersPaused or EventKind.CustomerRemindersResumed or EventKind.MemberChanged
            or EventKind.AccountErased or EventKind.CustomerErased or EventKind.CustomerChanged or EventKind.CustomerCreated => null,
    };
}
