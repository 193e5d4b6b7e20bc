using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Reports;

public partial class FiguresPage : StaffPage
{
    [Inject]
    private ShowFigures Figures { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "days")]
    public string? Range { get; set; }

    private int Days => DaysOf(Range);

    private FiguresView? View { get; set; }

    private IReadOnlyList<DataColumn<Counted<ReleaseMethod>>> ReleaseColumns =>
    [
        new(S["From"], r => b => b.AddContent(0, Named(r.Period)), Heads: true),
        .. Enum.GetValues<ReleaseMethod>().Where(m => View!.Releases.Any(r => r.Counts.ContainsKey(m))).Select(method =>
            new DataColumn<Counted<ReleaseMethod>>(
                Texts.Method(method), r => b => b.AddContent(0, r.Counts.GetValueOrDefault(method)), Numeric: true)),
        new(S["Together"], r => b => b.AddContent(0, r.Total), Numeric: true),
    ];

    private IReadOnlyList<DataColumn<Counted<CaseVerdict>>> CaseColumns =>
    [
        new(S["From"], r => b => b.AddContent(0, Named(r.Period)), Heads: true),
        .. Enum.GetValues<CaseVerdict>().Select(verdict => new DataColumn<Counted<CaseVerdict>>(
            S["Verdict." + verdict], r => b => b.AddContent(0, r.Counts.GetValueOrDefault(verdict)), Numeric: true)),
        new(S["Together"], r => b => b.AddContent(0, r.Total), Numeric: true),
    ];

    private IReadOnlyList<DataColumn<RemedyFigures>> RemedyColumns =>
    [
        new(S["Remedy"], r => b => b.AddContent(0, T["Remedy." + r.Remedy].Value), Heads: true),
        new(S["Ordered"], r => b => b.AddContent(0, r.Orders), Numeric: true),
        new(S["Completed"], r => b => b.AddContent(0, r.Completed), Numeric: true),
        new(S["Net"], r => b => b.AddContent(0, StaffTexts.Amount(r.Net)), Numeric: true),
        new(S["MedianTime"], r => b => b.AddContent(0, Duration(r.Median)), Numeric: true),
    ];

    /// <summary>One of the ranges that the page offers; the first for anything else.</summary>
    internal static int DaysOf(string? asked) =>
        int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && ShowFigures.Ranges.Contains(days)
            ? days
            : ShowFigures.Ranges[0];

    protected override async Task OnParametersSetAsync()
    {
        View = null;
        var days = Days;
        var found = await Figures.ExecuteAsync(Actor, days, Now, Aborted);
        if (days == Days)
        {
            View = Take(found);
        }
    }

    private IReadOnlyList<(BarLook Look, string Text)> Legend(string wanted, string outlined, string plain) =>
        [(BarLook.Wanted, S[wanted].Value), (BarLook.Outlined, S[outlined].Value), (BarLook.Plain, S[plain].Value)];

    private string Trend(Trend trend) => S["New", trend.New, trend.Before];

    private string Duration(TimeSpan? time) =>
        RoughTime.Of(time, CultureInfo.CurrentCulture) is { } rough ? S[rough.Unit, rough.Number] : "–";

    private string MostReleases(FiguresView view)
    {
        var most = view.Releases.MaxBy(r => r.Total)!;
        return S["MostReleases", view.Releases.Sum(r => r.Total), Named(most.Period), most.Total];
    }

    private string CasesFound(FiguresView view) =>
        S["CasesFound", view.Verdicts.Sum(v => v.Total), Sum(view, CaseVerdict.Right), Sum(view, CaseVerdict.Wrong)];

    private string OrdersFound(FiguresView view) =>
        S["OrdersFound", view.Remedies.Sum(r => r.Orders), StaffTexts.Amount(new Money(view.Remedies.Sum(r => r.Net.Cents)))];

    private string AppointmentsFound(FiguresView view) => S["AppointmentsFound", view.Appointments.Values.Sum(),
        view.Appointments.GetValueOrDefault(AppointmentState.Done), view.Appointments.GetValueOrDefault(AppointmentState.NoShow)];

    private static int Sum(FiguresView view, CaseVerdict verdict) => view.Verdicts.Sum(v => v.Counts.GetValueOrDefault(verdict));

    private static IReadOnlyList<BarRow> ReleaseBars(FiguresView view) =>
    [
        .. view.Releases.Select(r =>
        {
            var proven = r.Counts.Where(c => c.Key.IsProven()).Sum(c => c.Value);
            var unproven = r.Counts.Where(c => FiguresView.Unproven.Contains(c.Key)).Sum(c => c.Value);
            return new BarRow(
                Short(r.Period),
                [new Bar(proven, BarLook.Wanted), new Bar(unproven, BarLook.Outlined), new Bar(r.Total - proven - unproven)],
                $"{r.Total}");
        }),
    ];

    private static IReadOnlyList<BarRow> CaseBars(FiguresView view) =>
    [
        .. view.Verdicts.Select(v =>
        {
            var (right, wrong) = (v.Counts.GetValueOrDefault(CaseVerdict.Right), v.Counts.GetValueOrDefault(CaseVerdict.Wrong));
            return new BarRow(
                Short(v.Period), [new Bar(right, BarLook.Wanted), new Bar(wrong, BarLook.Outlined), new Bar(v.Total - right - wrong)],
                $"{v.Total}");
        }),
    ];

    private IReadOnlyList<BarRow> OrderBars(FiguresView view) =>
    [
        .. view.Remedies.Select(r => new BarRow(
            S["RemedyShort." + r.Remedy], [new Bar(r.Net.Cents, BarLook.Wanted)], StaffTexts.Amount(r.Net))),
    ];

    private IReadOnlyList<BarRow> AppointmentBars(FiguresView view) =>
    [
        .. Enum.GetValues<AppointmentState>().Select(state => (State: state, Count: view.Appointments.GetValueOrDefault(state)))
            .Select(a => new BarRow(
                Texts.State(a.State.ToString()), [new Bar(a.Count, a.State == AppointmentState.Done ? BarLook.Wanted : BarLook.Plain)],
                $"{a.Count}")),
    ];

    private string Named(Period period)
    {
        var culture = CultureInfo.CurrentUICulture;
        return period.First == period.Last
            ? LocalTimes.Date(period.First, culture)
            : S["FromTo", LocalTimes.Date(period.First, culture), LocalTimes.Date(period.Last, culture)];
    }

    /// <summary>The first day; the table has both.</summary>
    private static string Short(Period period) => period.First.ToString(
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "de" ? "dd.MM." : "d MMM", CultureInfo.InvariantCulture);
}
