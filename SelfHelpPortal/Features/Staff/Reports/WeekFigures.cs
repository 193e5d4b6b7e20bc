using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>What a week came to, in the numbers of the figures' page.</summary>
/// <param name="Median">From the order to the license; null when no license was issued.</param>
public sealed record WeekFigures(
    int Cases, int WrongCases, int Releases, int UnprovenReleases, int Orders, Money Net, TimeSpan? Median, int Appointments, int NoShows,
    int FailedMails)
{
    internal bool IsQuiet => this with { Median = null } == new WeekFigures(0, 0, 0, 0, 0, default, null, 0, 0, 0);

    internal static WeekFigures From(FiguresView view) => new(
        view.Cases.New,
        view.Verdicts.Sum(v => v.Counts.GetValueOrDefault(CaseVerdict.Wrong)),
        view.Releases.Sum(r => r.Total),
        view.Releases.Sum(r => FiguresView.Unproven.Sum(method => r.Counts.GetValueOrDefault(method))),
        view.Orders.New,
        new Money(view.Remedies.Sum(r => r.Net.Cents)),
        view.Median,
        view.Appointments.Values.Sum(),
        view.Appointments.GetValueOrDefault(AppointmentState.NoShow),
        view.FailedMails.New);
}
