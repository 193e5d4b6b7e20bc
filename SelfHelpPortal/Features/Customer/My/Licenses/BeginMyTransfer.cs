using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Features.Customer.My.Licenses;

/// <summary>Begins the order that moves a license away from a dead PC. What is known of it is filled in: for an owner the customer's address too.</summary>
internal sealed class BeginMyTransfer(IDbContextFactory<PortalDbContext> contexts, TransferDrafts drafts)
{
    /// <summary>The path of its first page; null when the license is not theirs.</summary>
    public async Task<string?> ExecuteAsync(CustomerActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnLicense.FindAsync(db, actor, typeof(BeginMyTransfer), number, cancellationToken) is not { } own)
        {
            return null;
        }

        var product = await db.Licenses.Where(l => l.Id == own.Id).Select(l => l.ProductId).SingleAsync(cancellationToken);
        var person = await db.Users.Where(u => u.Id == actor.Id).Select(u => new { u.DisplayName, u.Email, u.Culture }).SingleAsync(cancellationToken);
        var contact = new DraftContact { Name = person.DisplayName, Email = person.Email, Country = "DE", Language = person.Culture };
        if (own.IsOwner)
        {
            var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == own.CustomerId, cancellationToken);
            contact = contact with
            {
                Company = customer.Company,
                Street = customer.Street,
                PostalCode = customer.PostalCode,
                City = customer.City,
                Country = customer.Country,
                VatId = customer.VatId,
            };
        }

        var draft = new TransferDraft { ProductId = product, LicenseId = own.Id, LicenseAsked = true, Contact = contact };
        return $"/transfer/{await drafts.BeginAsync(draft, now, cancellationToken)}/{DraftSteps.FirstMissing(draft)}";
    }
}
