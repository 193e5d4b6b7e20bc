using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data;

/// <summary>Finds a customer by its number, or by that of one that was merged into it.</summary>
internal static class CustomerNumbers
{
    /// <summary>At most one, and never one that was merged into another.</summary>
    public static IQueryable<Customer> CustomersNumbered(this PortalDbContext db, string number) => db.Customers.Where(
        c => c.MergedIntoId == null && (c.Number == number || db.Customers.Any(m => m.MergedIntoId == c.Id && m.Number == number)));

    /// <summary>
    /// Locks the row for a change; null when there is none. Rows that refer to it may still be written: whoever writes one holds the
    /// license already, so waiting for it here and for the customer there would be a deadlock.
    /// </summary>
    public static async Task<Customer?> LockCustomerAsync(this PortalDbContext db, Guid customerId, CancellationToken cancellationToken) =>
        (await db.Customers.FromSql($"SELECT * FROM customer WHERE id = {customerId} FOR NO KEY UPDATE").ToListAsync(cancellationToken))
            .SingleOrDefault();

    /// <summary>The one with the number, held until the commit so that nobody erases or merges it; null when there is none.</summary>
    public static async Task<Customer?> HoldCustomerAsync(this PortalDbContext db, string number, CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = await db.Customers
                .FromSql(
                    $"""
                     SELECT * FROM customer WHERE id = (SELECT coalesce(merged_into_id, id) FROM customer WHERE number = {number})
                     FOR SHARE
                     """)
                .AsNoTracking().ToListAsync(cancellationToken);
            // Merged while its row was waited for: then the number leads on.
            if (held is not [{ MergedIntoId: not null }])
            {
                return held.SingleOrDefault();
            }
        }
    }
}
