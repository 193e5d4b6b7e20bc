using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.LostKey;

/// <summary>Writes the keys of all customers with the asked address, to the address on file.</summary>
internal sealed class SendKeys(LicenseFactory keys, ProductCatalog products, Outbox outbox)
{
    public static readonly MailRequestKind Kind = new(
        "lost-key",
        LimitedMail.LostKey,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<SendKeys>().WriteAsync(db, asked, now, cancellationToken));

    private async Task WriteAsync(PortalDbContext db, MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var customers = await db.CustomersAt(asked.Address).AsNoTracking().OrderBy(c => c.Number).ToListAsync(cancellationToken);
        var ids = customers.Select(c => c.Id).ToList();
        var licenses = await db.Licenses.AsNoTracking()
            .Where(l => ids.Contains(l.CustomerId) && l.State != LicenseState.Revoked)
            .OrderBy(l => l.ProductId).ThenBy(l => l.CreatedAt).ThenBy(l => l.Number)
            .ToListAsync(cancellationToken);
        if (licenses.Count == 0)
        {
            return;
        }

        var lines = new List<LostKeyLine>(licenses.Count);
        foreach (var license in licenses)
        {
            var product = await products.GetAsync(db, license.ProductId, cancellationToken);
            var company = customers.Count > 1 ? customers.Single(c => c.Id == license.CustomerId).Company : null;
            lines.Add(new LostKeyLine(product.Name, license.Number, company, keys.KeyOf(license)));
        }

        var parts = lines.Chunk(LostKeyMail.MostKeys).ToList();
        foreach (var (part, number) in parts.Select((part, i) => (part, i + 1)))
        {
            var mail = new LostKeyMail(customers[0].AsRecipient())
            {
                CustomerId = customers[0].Id,
                RequestId = asked.Id,
                AskedAt = asked.AskedAt,
                Part = number,
                Parts = parts.Count,
                Keys = part,
            };
            await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        }
    }
}
