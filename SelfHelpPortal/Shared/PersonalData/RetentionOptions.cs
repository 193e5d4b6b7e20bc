namespace SelfHelpPortal.Shared.PersonalData;

/// <summary>Section <c>Retention</c>: how long what names people is kept (docs/security/data.md).</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    public int NetworkDays { get; set; } = 30;
    public int AuditTextDays { get; set; } = 90;
    public int GuessDays { get; set; } = 2;
    public int CommandDays { get; set; } = 30;
    public int LinkDays { get; set; } = 30;
    public int AppointmentDays { get; set; } = 90;
    public int CaseMailMonths { get; set; } = 24;
    public int AccountMailDays { get; set; } = 90;
    public int StaffMailDays { get; set; } = 30;
    public int CheckInMonths { get; set; } = 24;
    public int CaseTextMonths { get; set; } = 24;
    public int LicenseFileDays { get; set; } = 30;

    /// <summary>From the end of the calendar year.</summary>
    public int OrderYears { get; set; } = 6;

    public IEnumerable<string> Validate()
    {
        (string Name, int Value, int Least, int Most)[] all =
        [
            (nameof(NetworkDays), NetworkDays, 1, 365),
            (nameof(AuditTextDays), AuditTextDays, 30, 730),
            // The longest window of a guess is a day, and a form's command counts for 30.
            (nameof(GuessDays), GuessDays, 2, 30),
            (nameof(CommandDays), CommandDays, 30, 365),
            (nameof(LinkDays), LinkDays, 1, 365),
            (nameof(AppointmentDays), AppointmentDays, 7, 730),
            (nameof(CaseMailMonths), CaseMailMonths, 6, 120),
            (nameof(AccountMailDays), AccountMailDays, 7, 730),
            (nameof(StaffMailDays), StaffMailDays, 7, 730),
            (nameof(CheckInMonths), CheckInMonths, 6, 120),
            (nameof(CaseTextMonths), CaseTextMonths, 6, 120),
            (nameof(LicenseFileDays), LicenseFileDays, 7, 730),
            (nameof(OrderYears), OrderYears, 6, 30),
        ];
        return all.Where(one => one.Value < one.Least || one.Value > one.Most)
            .Select(one => $"Retention:{one.Name} is {one.Least} to {one.Most}.");
    }
}
