using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Appointments;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <param name="HasFiscalUnit">Moving it is the last step.</param>
/// <param name="LicenseNumber">Of the license whose key was typed, or which has the number or serial that was typed.</param>
/// <param name="History">Newest first.</param>
internal sealed record AppointmentView(
    Appointment Appointment, string Product, bool HasFiscalUnit, string? HostSoftware, string? LicenseNumber, ShownChecklist Checklist,
    History History);

/// <summary>An appointment with everything a clerk needs for it.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowAppointment(StaffReads reads)
{
    public Task<StaffAnswer<AppointmentView>> ExecuteAsync(
        StaffActor actor, Guid appointment, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowAppointment), actor, new(AuditKind.AppointmentOpened, appointment.ToString()), db =>
            ReadAsync(db, appointment, cancellationToken), now, cancellationToken);

    private static async Task<AppointmentView?> ReadAsync(PortalDbContext db, Guid id, CancellationToken cancellationToken)
    {
        if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancellationToken) is not { } found)
        {
            return null;
        }

        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Id == found.ProductId, cancellationToken);
        var license = await db.Licenses
            .Where(l => l.Id == found.LicenseId
                || (found.StatedLicense != null && (l.Number == found.StatedLicense || l.Serial == found.StatedLicense)))
            .OrderBy(l => l.Number).Select(l => l.Number).FirstOrDefaultAsync(cancellationToken);
        return new AppointmentView(
            found, product.Name, product.Policies.HasFiscalUnit, product.Policies.Links.HostSoftwareName, license,
            await AppointmentChecklist.ReadAsync(db, found, product, cancellationToken),
            await History.ReadAsync(db, id, [], cancellationToken));
    }
}
