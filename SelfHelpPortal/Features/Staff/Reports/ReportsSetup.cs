using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Features.Staff.Reports;

internal static class ReportsSetup
{
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<FigureReader>().AddSingleton<SendWeeklyDigest>();
        services.AddSingleton(new DailyJob(
            SendWeeklyDigest.JobName, SendWeeklyDigest.At, (sp, now, cancellation) =>
                sp.GetRequiredService<SendWeeklyDigest>().RunAsync(now, cancellation)));
    }
}
