using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SelfHelpPortal.Data;

/// <summary>
/// Instants are UTC in the database and have its resolution of a microsecond from the start, so that what was written equals what is read.
/// </summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(v => Truncate(v), v => v)
{
    public static DateTimeOffset Truncate(DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
