using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;

namespace SelfHelpPortal.Shared.Appointments;

internal static class AppointmentChecklist
{
    /// <summary>
    /// For the country of the license's customer when its key was shown. A number that was only stated proves nothing, so then whoever
    /// booked says where the PC is.
    /// </summary>
    public static async Task<ShownChecklist> ReadAsync(
        PortalDbContext db, Appointment appointment, Product product, CancellationToken cancellationToken)
    {
        var country = await (
            from l in db.Licenses
            where l.Id == appointment.LicenseId
            join c in db.Customers on l.CustomerId equals c.Id
            select c.Country).SingleOrDefaultAsync(cancellationToken);
        return ShownChecklist.Of(product.Policies.Checklists, country, appointment.Checklist);
    }
}
