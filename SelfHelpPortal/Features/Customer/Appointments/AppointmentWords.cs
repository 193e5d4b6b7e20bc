using System.Globalization;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>Names what the pages for booking say.</summary>
public sealed class AppointmentWords;

/// <summary>Times and ticks as these pages write and read them.</summary>
internal static class AppointmentTexts
{
    private const string Format = "yyyy-MM-dd'T'HH:mm'Z'";

    private static readonly Preparation[] Ticks =
        [Preparation.SoftwareInstalled, Preparation.RemoteSupport, Preparation.Drive, Preparation.OldPcFirst, Preparation.DataCorrected];

    /// <summary>What a form sends for a time.</summary>
    public static string Value(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? value) =>
        DateTimeOffset.TryParseExact(
            value, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;

    /// <summary>"Donnerstag, 03.12.2026".</summary>
    public static string Day(DateOnly day) =>
        $"{CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName(day.DayOfWeek)}, {LocalTimes.Date(day, CultureInfo.CurrentUICulture)}";

    public static string Clock(DateTimeOffset local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"Donnerstag, 03.12.2026, 14:00", in the vendor's zone.</summary>
    public static string When(DateTimeOffset at, LocalTimes times) => $"{Day(times.Today(at))}, {Clock(times.ToLocal(at))}";

    public static IReadOnlyList<Choice> Choices(IStringLocalizer<AppointmentWords> words, Product product) =>
        [.. Ticks.Where(t => t != Preparation.Drive || product.Policies.HasFiscalUnit)
            .Select(t => new Choice(t.ToString(), words["Ready." + t]))];

    public static IReadOnlyCollection<string> Ticked(Preparation ready) =>
        [.. Ticks.Where(t => ready.HasFlag(t)).Select(t => t.ToString())];

    /// <summary>What is none of them is left out.</summary>
    public static Preparation Read(IEnumerable<string?>? ticked) =>
        Ticks.Where(t => ticked?.Contains(t.ToString()) == true).Aggregate(Preparation.None, (all, t) => all | t);
}
