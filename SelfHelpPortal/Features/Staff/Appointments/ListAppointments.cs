using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Appointments;

internal sealed record AppointmentLine(Guid Id, DateTimeOffset StartsAt, AppointmentState State, string Product, string Name, string Phone);

/// <param name="Days">Each with its appointments, earliest first; days without any are there too.</param>
internal sealed record AppointmentCalendar(IReadOnlyList<(DateOnly Day, IReadOnlyList<AppointmentLine> Lines)> Days);

/// <summary>The appointments of a day or a week.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ListAppointments(StaffReads reads, LocalTimes times)
{
    public const int DaysOfWeek = 7;

    /// <param name="state">Null for all.</param>
    public Task<StaffAnswer<AppointmentCalendar>> ExecuteAsync(
        StaffActor actor, DayRange period, AppointmentState? state, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<AppointmentCalendar>(typeof(ListAppointments), actor, audited: null, async db =>
        {
            var (from, until) = period.In(times);
            var found = await db.Appointments.AsNoTracking()
                .Where(a => a.StartsAt >= from && a.StartsAt < until && (state == null || a.State == state))
                .OrderBy(a => a.StartsAt).ThenBy(a => a.Lane).ThenBy(a => a.Id)
                .Select(a => new AppointmentLine(
                    a.Id, a.StartsAt, a.State,
                    db.Products.Where(p => p.Id == a.ProductId).Select(p => p.Name).SingleOrDefault() ?? a.ProductId, a.Name, a.Phone))
                .ToListAsync(cancellationToken);
            var byDay = found.ToLookup(a => times.Today(a.StartsAt));
            return new([.. Enumerable.Range(0, period.Days).Select(period.First.AddDays)
                .Select(day => (day, (IReadOnlyList<AppointmentLine>)[.. byDay[day]]))]);
        }, now, cancellationToken);
}
