namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// Where a customer's days begin. Known of countries in which all clocks agree; elsewhere the vendor's zone counts.
/// </summary>
internal static class CustomerZones
{
    private static readonly Dictionary<string, string> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AT"] = "Europe/Vienna",
        ["BE"] = "Europe/Brussels",
        ["BG"] = "Europe/Sofia",
        ["CH"] = "Europe/Zurich",
        ["CZ"] = "Europe/Prague",
        ["DE"] = "Europe/Berlin",
        ["DK"] = "Europe/Copenhagen",
        ["EE"] = "Europe/Tallinn",
        ["FI"] = "Europe/Helsinki",
        ["FR"] = "Europe/Paris",
        ["GB"] = "Europe/London",
        ["GR"] = "Europe/Athens",
        ["HR"] = "Europe/Zagreb",
        ["HU"] = "Europe/Budapest",
        ["IE"] = "Europe/Dublin",
        ["IT"] = "Europe/Rome",
        ["LI"] = "Europe/Vaduz",
        ["LT"] = "Europe/Vilnius",
        ["LU"] = "Europe/Luxembourg",
        ["LV"] = "Europe/Riga",
        ["MT"] = "Europe/Malta",
        ["NL"] = "Europe/Amsterdam",
        ["NO"] = "Europe/Oslo",
        ["PL"] = "Europe/Warsaw",
        ["RO"] = "Europe/Bucharest",
        ["SE"] = "Europe/Stockholm",
        ["SI"] = "Europe/Ljubljana",
        ["SK"] = "Europe/Bratislava",
    };

    extension(LocalTimes times)
    {
        /// <summary>The last instant of the day, which is midnight, where the customer is (UTC).</summary>
        public DateTimeOffset EndOf(DateOnly day, Licensing.Customer customer)
        {
            var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(midnight, times.ZoneOf(customer).GetUtcOffset(midnight)).ToUniversalTime();
        }

        public DateOnly Today(DateTimeOffset now, Licensing.Customer customer) =>
            DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, times.ZoneOf(customer)).DateTime);

        /// <summary>The last day, where the customer is, of what ends at this instant.</summary>
        public DateOnly LastDayOf(DateTimeOffset end, Licensing.Customer customer) => times.Today(end.AddTicks(-1), customer);

        private TimeZoneInfo ZoneOf(Licensing.Customer customer) =>
            Zones.TryGetValue(customer.Country, out var id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
                ? zone
                : times.Zone;
    }
}
