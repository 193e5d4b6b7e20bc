using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>What the contact page knows of somebody who is signed in: the person and, for an owner, the customer's address.</summary>
internal sealed class FillContact(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="customer">Whose license it is, as far as that is known.</param>
    public async Task<DraftContact?> FindAsync(CustomerActor actor, Guid? customer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var person = await db.Users.Where(
            u => u.Id == actor.Id && (db.CustomerMembers.Any(m => m.UserId == u.Id) || db.KeyAccesses.Any(k => k.UserId == u.Id)))
            .Select(u => new DraftContact { Name = u.DisplayName, Email = u.Email, Country = "DE", Language = u.Culture })
            .SingleOrDefaultAsync(cancellationToken);
        var owned = person is null ? null : await Customers.For(db, actor, CustomerRole.Owner).AsNoTracking()
            .SingleOrDefaultAsync(c => c.Id == customer, cancellationToken);
        return owned is null ? person : person! with
        {
            Company = owned.Company,
            Street = owned.Street,
            PostalCode = owned.PostalCode,
            City = owned.City,
            Country = owned.Country,
            VatId = owned.VatId,
            IsAuthority = owned.InvoiceFormat == InvoiceFormat.XRechnung,
        };
    }
}
