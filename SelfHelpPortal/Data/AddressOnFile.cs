using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data;

internal static class AddressOnFile
{
    /// <summary>The customers whose address on file this is, however it is capitalized; by the index on it.</summary>
    public static IQueryable<Customer> CustomersAt(this PortalDbContext db, string address) =>
        db.Customers.FromSql($"SELECT * FROM customer WHERE lower(email) = lower({address})");
}
