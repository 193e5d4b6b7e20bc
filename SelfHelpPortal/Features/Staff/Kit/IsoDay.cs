using System.Globalization;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>A day as programs write it and as it stands in addresses: 2026-11-30.</summary>
internal static class IsoDay
{
    private const string Format = "yyyy-MM-dd";

    public static string Write(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    /// <returns>Null for anything else.</returns>
    public static DateOnly? Read(string? text) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
