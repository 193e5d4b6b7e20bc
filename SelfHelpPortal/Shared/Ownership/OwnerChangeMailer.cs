using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>
/// Writes to the licensee at the address on file and, once the licensee has agreed, to the company that takes over, and to staff, in the
/// transaction of the act. Whoever asked gets no mail: nobody has confirmed that address.
/// </summary>
internal sealed class OwnerChangeMailer(
    Outbox outbox, ProductCatalog products, PublicAddress address, IOptions<MailOptions> mail)
{
    /// <summary>Whether it agrees: the licensee first, then the company that takes over.</summary>
    public async Task AskToAgreeAsync(PortalDbContext db, OwnerChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var toTaker = change.WaitsForTaker;
        var purpose = toTaker ? LinkPurpose.TakerConfirm : LinkPurpose.OwnerConfirm;
        var expires = change.SentAt!.Value + OwnerChange.Lifetime;
        var token = SecretLinks.Issue(db, purpose, change.Id, now, expires - now);
        var to = toTaker ? Taker(change) : await OwnerAsync(db, change, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new OwnerChangeConfirmMail(to)
            {
                ProductId = change.ProductId,
                CustomerId = toTaker ? null : change.CustomerId,
                ChangeId = change.Id,
                ChangeReference = change.Reference,
                Change = change.Kind,
                ToTaker = toTaker,
                Product = (await products.GetAsync(db, change.ProductId, cancellationToken)).Name,
                LicenseNumber = await db.Licenses.Where(l => l.Id == change.LicenseId).Select(l => l.Number).SingleAsync(cancellationToken),
                SentAt = change.SentAt.Value,
                Link = new OneTimeLink(address.For($"/owner/confirm/{token}"), expires),
            },
            now,
            cancellationToken);
    }

    /// <summary>What staff want to know of whoever has the license when it is settled.</summary>
    public async Task QuestionAsync(PortalDbContext db, OwnerChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = SecretLinks.Issue(db, LinkPurpose.OwnerAnswer, change.Id, now);
        var isTakeover = change.Kind == OwnerChangeKind.Takeover;
        await outbox.EnqueueAsync(
            db,
            new OwnerChangeQuestionMail(isTakeover ? Taker(change) : await OwnerAsync(db, change, cancellationToken))
            {
                ProductId = change.ProductId,
                CustomerId = isTakeover ? null : change.CustomerId,
                QuestionId = Guid.CreateVersion7(now),
                ChangeReference = change.Reference,
                Product = (await products.GetAsync(db, change.ProductId, cancellationToken)).Name,
                Question = change.Question!,
                AskedAt = now,
                Page = new OneTimeLink(address.For($"/owner/answer/{token}"), now + LinkPurpose.OwnerAnswer.Lifetime),
            },
            now,
            cancellationToken);
    }

    /// <summary>Everybody has agreed, or staff have their answer: it waits for them.</summary>
    public async Task TellStaffAsync(PortalDbContext db, OwnerChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var fact = Guid.CreateVersion7(now);
        var customer = await db.Customers.Where(c => c.Id == change.CustomerId).Select(c => c.Company).SingleAsync(cancellationToken);
        var license = await db.Licenses.Where(l => l.Id == change.LicenseId).Select(l => l.Number).SingleAsync(cancellationToken);
        var product = await products.GetAsync(db, change.ProductId, cancellationToken);
        foreach (var staff in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffOwnerChangeMail(staff)
                {
                    FactId = fact,
                    ChangeReference = change.Reference,
                    Change = change.Kind,
                    IsAnswer = change.Answer is not null,
                    Customer = customer,
                    Product = product.Name,
                    LicenseNumber = license,
                    SentAt = change.SentAt!.Value,
                    ChangeAddress = address.For($"/staff/ownership/{change.Reference}"),
                },
                now,
                cancellationToken);
        }
    }

    /// <summary>To each of those who agreed; nobody else has been told of it.</summary>
    public async Task DeclinedAsync(PortalDbContext db, OwnerChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<(MailRecipient To, Guid? Customer)> told = [];
        if (change.OwnerAgreedAt is not null)
        {
            told.Add((await OwnerAsync(db, change, cancellationToken), change.CustomerId));
        }

        if (change.TakerAgreedAt is not null)
        {
            told.Add((Taker(change), null));
        }

        foreach (var (to, customer) in told.DistinctBy(t => t.To.Address, StringComparer.OrdinalIgnoreCase))
        {
            await outbox.EnqueueAsync(
                db,
                new OwnerChangeDeclinedMail(to)
                {
                    ProductId = change.ProductId,
                    CustomerId = customer,
                    ChangeId = change.Id,
                    ChangeReference = change.Reference,
                    Product = (await products.GetAsync(db, change.ProductId, cancellationToken)).Name,
                    Why = change.StaffReason!,
                    DeclinedAt = now,
                },
                now,
                cancellationToken);
        }
    }

    /// <summary>Without the name, which somebody else may have typed.</summary>
    private static MailRecipient Taker(OwnerChange change) => new(change.Licensee.Email!, null, change.Language);

    private static async Task<MailRecipient> OwnerAsync(PortalDbContext db, OwnerChange change, CancellationToken cancellationToken) =>
        (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == change.CustomerId, cancellationToken)).AsRecipient();
}
