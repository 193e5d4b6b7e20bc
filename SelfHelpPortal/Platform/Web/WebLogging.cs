using Microsoft.Extensions.Logging.Console;
using SelfHelpPortal.Configuration;

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
        builder.Services.PostConfigure<LoggerFilterOptions>(Floor);
        // Looked at before the services are there; what is neither word is named when all settings are checked.
        var told = builder.Configuration[$"{WatchingOptions.Section}:{nameof(WatchingOptions.LogFormat)}"];
        var format = Enum.TryParse<LogFormat>(told, ignoreCase: true, out var asked) ? asked
            : builder.Environment.IsDevelopment() ? LogFormat.Text : LogFormat.Json;
        if (format == LogFormat.Text && builder.Environment.IsDevelopment())
        {
            return;
        }

        builder.Logging.ClearProviders();
        if (format == LogFormat.Text)
        {
            builder.Logging.AddSimpleConsole(text => (text.IncludeScopes, text.UseUtcTimestamp, text.TimestampFormat) =
                (false, true, "yyyy-MM-dd HH:mm:ss'Z' "));
        }
        else
        {
            builder.Logging.AddConsole(console => console.FormatterName = TracedJsonFormatter.FormatName)
                .AddConsoleFormatter<TracedJsonFormatter, ConsoleFormatterOptions>();
        }

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
