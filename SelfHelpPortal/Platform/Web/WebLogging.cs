namespace SelfHelpPortal.Platform.Web;

internal static class WebLogging
{
    /// <summary>What these write below the level may hold paths with tokens, form values or a circuit's secret.</summary>
    private static readonly (string Category, LogLevel Least)[] Floors =
    [
        ("Microsoft.AspNetCore.Components.Server", LogLevel.Information),
        ("Microsoft.AspNetCore", LogLevel.Warning),
    ];

    public static void AddWebLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        if (builder.Environment.IsDevelopment())
        {
            return;
        }
        builder.Logging.ClearProviders();
        // Scopes stay out: the host's own scope carries the request's path.
        builder.Logging.AddJsonConsole(json =>
        {
            json.IncludeScopes = false;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        builder.Services.PostConfigure<LoggerFilterOptions>(Floor);
    }

    /// <summary>Raises configured rules that are too low, so that no setting can make a log that holds secrets.</summary>
    internal static void Floor(LoggerFilterOptions options)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var floor =
                Array.Find(Floors, floor => rule.CategoryName?.StartsWith(floor.Category, StringComparison.OrdinalIgnoreCase) == true);
            if (floor.Category is not null && rule.LogLevel < floor.Least)
            {
                options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, floor.Least, rule.Filter);
            }
        }
    }
}
