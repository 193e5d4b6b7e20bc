using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SelfHelpPortal.Data;

/// <summary>
/// Instants are UTC in the database and have its resolution of a microsecond from the start, so that what was written equals what is read.
/// </summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    v => v.ToUniversalTime().AddTicks(-(v.Ticks % TimeSpan.TicksPerMicrosecond)),
    v => v);
