using System.Globalization;
using System.Text;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>The figures as a list for a spreadsheet, which a circuit cannot hand out.</summary>
internal static class FiguresExport
{
    public static void MapFiguresExport(this WebApplication app) =>
        app.MapGet("/staff/reports/export", ExportAsync).RequireAuthorization(StaffPolicy.Name).ExcludeFromDescription();

    private static async Task<IResult> ExportAsync(
        string? days, HttpContext context, ShowFigures figures, TimeProvider time, CancellationToken cancellationToken)
    {
        if (StaffActor.From(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        var now = time.GetUtcNow();
        var answer = await figures.ExecuteAsync(actor, FiguresPage.DaysOf(days), now, cancellationToken);
        return answer.Value is { } view
            ? Results.File(Write(view), "text/csv; charset=utf-8", $"Figures-{now:yyyy-MM-dd}.csv")
            : Results.Forbid();
    }

    internal static byte[] Write(FiguresView view)
    {
        var lines = new StringBuilder(Csv.Line("figure", "from", "to", "kind", "value"));
        foreach (var (figure, period, kind, value) in Rows(view))
        {
            lines.Append(Csv.Line(
                figure, period.From, period.To, kind, value.ToString("0.##", CultureInfo.InvariantCulture)));
        }

        return Csv.Bytes(lines);
    }

    private static IEnumerable<(string Figure, DayRange Period, string Kind, decimal Value)> Rows(FiguresView view) =>
    [
        .. view.Releases.SelectMany(r => r.Counts.OrderBy(c => c.Key).Select(c => ("releases", r.Period, $"{c.Key}", (decimal)c.Value))),
        .. view.Verdicts.SelectMany(v => v.Counts.OrderBy(c => c.Key).Select(c => ("cases", v.Period, $"{c.Key}", (decimal)c.Value))),
        .. view.Remedies.Select(r => ("orders", view.Period, $"{r.Remedy}", (decimal)r.Orders)),
        .. view.Remedies.Select(r => ("net revenue", view.Period, $"{r.Remedy}", r.Net.Amount)),
        .. view.Remedies.Where(r => r.Median is not null)
            .Select(r => ("median hours to the license", view.Period, $"{r.Remedy}", (decimal)r.Median!.Value.TotalHours)),
        .. view.Appointments.OrderBy(a => a.Key).Select(a => ("appointments", view.Period, $"{a.Key}", (decimal)a.Value)),
        ("failed mails", view.Period, "new", view.FailedMails.New),
    ];
}
