using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;

namespace SelfHelpPortal.Features.Backoffice.Customers;

/// <summary>Shows a customer to a program of the vendor's. The audit log tells of it, once an hour for each customer.</summary>
internal sealed class ReadCustomer(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<BackofficeAnswer<CustomerReply>> ExecuteAsync(
        TokenCaller caller, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.CustomersNumbered(number).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } customer)
        {
            return BackofficeRefusal.UnknownCustomer;
        }

        await AuditLog.NoteReadAsync(
            db, contexts, caller.Id, AuditKind.CustomerReadByApi, customer.Number, caller.AuditName, now, cancellationToken);
        return CustomerReply.From(customer);
    }
}
