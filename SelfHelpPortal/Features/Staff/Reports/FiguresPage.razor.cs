using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
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
        new(S["From"], r => b => b.AddContent(0, Texts.Days(r.Period)), Heads: true),
        .. Enum.GetValues<ReleaseMethod>().Where(m => View!.Releases.Any(r => r.Counts.ContainsKey(m))).Select(method =>
            new DataColumn<Counted<ReleaseMethod>>(
                Texts.Method(method), r => Linked(r.Counts.GetValueOrDefault(method), ReleasesPage.To(r.Period, method)), Numeric: true)),
        new(S["Together"], r => Linked(r.Total, ReleasesPage.To(r.Period, null)), Numeric: true),
    ];

    private IReadOnlyList<DataColumn<Counted<CaseVerdict>>> CaseColumns =>
    [
        new(S["From"], r => b => b.AddContent(0, Texts.Days(r.Period)), Heads: true),
        .. Enum.GetValues<CaseVerdict>().Select(verdict => new DataColumn<Counted<CaseVerdict>>(
            S["Verdict." + verdict], r => Linked(r.Counts.GetValueOrDefault(verdict), CasesPage.To(r.Period, verdict)), Numeric: true)),
        new(S["Together"], r => Linked(r.Total, CasesPage.To(r.Period, null)), Numeric: true),
    ];

    private IReadOnlyList<DataColumn<RemedyFigures>> RemedyColumns =>
    [
        new(S["Remedy"], r => b => b.AddContent(0, T["Remedy." + r.Remedy].Value), Heads: true),
        new(S["Ordered"], r => Linked(r.Orders, Orders(TransferQueue.All, r.Remedy)), Numeric: true),
        new(S["Completed"], r => Linked(r.Completed, Orders(TransferQueue.Completed, r.Remedy)), Numeric: true),
        new(S["Net"], r => b => b.AddContent(0, StaffTexts.Amount(r.Net)), Numeric: true),
        new(S["MedianTime"], r => b => b.AddContent(0, Duration(r.Median)), Numeric: true),
    ];

    private IReadOnlyList<DataColumn<AppointmentState>> AppointmentColumns =>
    [
        new(T["State"], state => b => b.AddContent(0, Texts.State(state.ToString())), Heads: true),
        new(S["Appointments"], state => Linked(
            View!.Appointments.GetValueOrDefault(state), AppointmentsPage.To(View.Period, state)), Numeric: true),
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
        return S["MostReleases", view.Releases.Sum(r => r.Total), Texts.Days(most.Period), most.Total];
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

    private string Orders(TransferQueue queue, TransferRemedy remedy) => TransfersPage.To(new(queue, View!.Period, remedy));

    /// <summary>A number that leads to what it counts.</summary>
    private static RenderFragment Linked(int count, string address) => b =>
    {
        if (count == 0)
        {
            b.AddContent(0, 0);
            return;
        }

        b.OpenElement(1, "a");
        b.AddAttribute(2, "href", address);
        b.AddContent(3, count);
        b.CloseElement();
    };

    /// <summary>The first day; the table has both.</summary>
    private static string Short(DayRange period) => period.First.ToString(
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "de" ? "dd.MM." : "d MMM", CultureInfo.InvariantCulture);
}
