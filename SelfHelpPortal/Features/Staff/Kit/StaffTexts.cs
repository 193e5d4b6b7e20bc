using System.Globalization;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Flags;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Puts ages, methods and events into the words of the reader.</summary>
internal sealed class StaffTexts(IStringLocalizer<StaffStrings> words, IStringLocalizer<SharedStrings> common,
    IStringLocalizer<FlagExplanations> reasons, LocalTimes times)
{
    /// <summary>"3 days": how long something has waited, in the largest unit that is full.</summary>
    public string Age(DateTimeOffset since, DateTimeOffset now)
    {
        var age = now - since;
        return age.TotalDays >= 1 ? Count("Days", (int)age.TotalDays)
            : age.TotalHours >= 1 ? Count("Hours", (int)age.TotalHours)
            : age.TotalMinutes >= 1 ? Count("Minutes", (int)age.TotalMinutes)
            : words["Age.Now"];
    }

    public string DateAndTime(DateTimeOffset at) => times.DateAndTime(at, CultureInfo.CurrentUICulture);

    public string Pc(string? name) => string.IsNullOrWhiteSpace(name) ? words["UnnamedPc"] : name;

    public string Explanation(FlagExplanation explanation) => reasons[explanation.ToString()];

    public string Method(ReleaseMethod method) => words["Method." + method];

    public string Date(DateTimeOffset at) => times.Date(at, CultureInfo.CurrentUICulture);

    /// <summary>"21 Nov 2026", or the first and the last day.</summary>
    public string Days(DayRange period)
    {
        var culture = CultureInfo.CurrentUICulture;
        return period.First == period.Last
            ? LocalTimes.Date(period.First, culture)
            : words["Days.FromTo", LocalTimes.Date(period.First, culture), LocalTimes.Date(period.Last, culture)];
    }

    public static string Amount(Money money) => Amounts.Text(money, CultureInfo.CurrentUICulture);

    public string State(string name) => common[StatusTable.WordOf(name)];

    /// <summary>Who did what and when, in a line.</summary>
    public string Change(HistoryEntry entry) => words["LastChange", By(entry), DateAndTime(entry.At), Title(entry)];

    public TimelineEntry Entry(HistoryEntry entry) => new(entry.At, Title(entry), By(entry), entry.Text);

    private string Title(HistoryEntry entry)
    {
        var data = entry.Data;
        var pc = Pc(entry.PcName);
        return entry.Kind switch
        {
            EventKind.Imported => words["Event.Imported"],
            EventKind.Activated => words["Event.Activated", pc, data.Generation ?? 0],
            EventKind.Released => words["Event.Released", pc, MethodOf(data)],
            EventKind.Superseded => words["Event.Superseded", pc],
            EventKind.Sighted => words["Event.Sighted", pc],
            EventKind.ComputerLocked => words["Event.ComputerLocked", pc, data.Case ?? ""],
            EventKind.LicenseLocked => words["Event.LicenseLocked", data.Case ?? ""],
            EventKind.LockHeld => words["Event.LockHeld", data.Case ?? ""],
            EventKind.Unlocked => words["Event.Unlocked", data.Case ?? ""],
            EventKind.Reopened => words["Event.Reopened", data.Case ?? ""],
            EventKind.IncidentRequested => words["Event.IncidentRequested"],
            EventKind.IncidentDeclined => words["Event.IncidentDeclined"],
            EventKind.IncidentWithdrawn => words["Event.IncidentWithdrawn"],
            EventKind.Excluded => words["Event.Excluded", pc],
            EventKind.ExclusionRequested => words["Event.ExclusionRequested", pc],
            EventKind.ExclusionDeclined => words["Event.ExclusionDeclined", pc],
            EventKind.ExclusionWithdrawn => words["Event.ExclusionWithdrawn", pc],
            EventKind.Suspended => words["Event.Suspended"],
            EventKind.Resumed => words["Event.Resumed", State(data.After ?? "")],
            EventKind.Revoked => words["Event.Revoked"],
            EventKind.ReleaseGranted =>
                words["Event.ReleaseGranted", data.Until is { } until ? times.Date(until, CultureInfo.CurrentUICulture) : ""],
            EventKind.FewPartsAllowed => words["Event.FewPartsAllowed"],
            EventKind.Noted => words["Event.Noted"],
            EventKind.Objected => words["Event.Objected", pc],
            EventKind.Restored => words["Event.Restored", pc],
            EventKind.LoanAsked => words["Event.LoanAsked", pc, data.Until is { } wanted ? DateAndTime(wanted) : ""],
            EventKind.LoanDeclined => words["Event.LoanDeclined"],
            EventKind.Lent => words["Event.Lent", pc, data.Until is { } lent ? DateAndTime(lent) : ""],
            EventKind.Leaving => words["Event.Leaving", pc, data.Until is { } leaves ? DateAndTime(leaves) : "", MethodOf(data)],
            EventKind.RanOut => words["Event.RanOut", pc],
            EventKind.EndLifted => words["Event.EndLifted", pc],
            EventKind.SubscriptionShortened =>
                words["Event.SubscriptionShortened", data.Until is { } shorter ? times.Date(shorter, CultureInfo.CurrentUICulture) : "",
                    data.Document ?? ""],
            EventKind.FlagAsked => words["Event.FlagAsked"],
            EventKind.FlagAnswered => words["Event.FlagAnswered", reasons[data.Method ?? ""].Value],
            EventKind.EmergencyCodeGranted =>
                words["Event.EmergencyCodeGranted", pc, data.Until is { } bridged ? DateAndTime(bridged) : ""],
            EventKind.SubscriptionRenewed =>
                words["Event.SubscriptionRenewed", data.Until is { } end ? times.Date(end, CultureInfo.CurrentUICulture) : ""],
            EventKind.Transfer when data.Method is { } act => words["Event.Transfer." + act],
            EventKind.Transfer => words["Event.Transfer", data.Reference ?? "", State(data.After ?? "")],
            EventKind.Appointment =>
                words["Event.Appointment", words["AppointmentAct." + data.Method], data.Until is { } begin ? DateAndTime(begin) : ""],
            EventKind.OwnerChange => words["Event.OwnerChange", words["OwnerAct." + data.Method]],
            EventKind.HolderChanged => words["Event.HolderChanged", data.Before ?? "", data.After ?? ""],
            EventKind.InvoiceIssued => words["Event.InvoiceIssued", data.Document ?? ""],
            EventKind.InvoiceCancelled => words["Event.InvoiceCancelled", data.Document ?? ""],
            EventKind.PaymentRecorded => words["Event.PaymentRecorded", Amount(new Money(data.Cents ?? 0))],
            EventKind.InvoiceReminded => words["Event.InvoiceReminded", data.Level ?? 0],
            EventKind.InvoiceSent => words["Event.InvoiceSent"],
            EventKind.RemindersPaused => words["Event.RemindersPaused"],
            EventKind.RemindersResumed => words["Event.RemindersResumed"],
            EventKind.CustomerRemindersPaused => words["Event.CustomerRemindersPaused"],
            EventKind.CustomerRemindersResumed => words["Event.CustomerRemindersResumed"],
            EventKind.MemberChanged => words["Event.MemberChanged"],
            EventKind.AccountErased => words["Event.AccountErased"],
            EventKind.CustomerErased => words["Event.CustomerErased"],
            EventKind.LicenseChanged => words["Event.LicenseChanged"],
            EventKind.CustomerChanged => words["Event.CustomerChanged"],
            EventKind.CustomerCreated => words["Event.CustomerCreated"],
            EventKind.CustomerMailChanged => words["Event.CustomerMailChanged"],
            EventKind.CustomerMerged => words["Event.CustomerMerged", data.Before ?? "", data.After ?? ""],
            EventKind.Refused => words["Event.Refused", words["Act." + data.Method], words["Refusal." + data.Refusal]],
        };
    }

    private string MethodOf(EventData data) =>
        Enum.TryParse<ReleaseMethod>(data.Method, out var method) ? Method(method) : data.Method ?? "";

    private string By(HistoryEntry entry) => entry.ActorKind switch
    {
        ActorKind.Customer => words["By.Customer"],
        ActorKind.Device => words["By.Device"],
        ActorKind.Staff => entry.ActorName ?? words["By.Staff"],
        ActorKind.Operator => words["By.Operator"],
        ActorKind.Api => entry.ActorName ?? words["By.Api"],
        ActorKind.System => words["By.System"],
    };

    private string Count(string unit, int count) => count == 1 ? words[$"Age.{unit}.One"] : words[$"Age.{unit}", count];
}
