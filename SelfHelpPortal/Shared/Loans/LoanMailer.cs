using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Shared.Loans;

/// <summary>Writes to the owner, and to staff, about computers that use a license for a while, in the transaction of the act.</summary>
internal sealed class LoanMailer(OwnerMails owners, Outbox outbox, PublicAddress address, LocalTimes times, IOptions<MailOptions> mail)
{
    /// <summary>How long the page of a loan can be opened after its end.</summary>
    private static readonly TimeSpan OpenAfterEnd = TimeSpan.FromDays(30);

    public async Task AskOwnerAsync(
        PortalDbContext db, License license, Loan loan, Product product, string language, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, license, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new LoanConfirmMail(customer.AsRecipient() with { Culture = language }, Told(license, loan, product))
            {
                CustomerId = customer.Id,
                LoanId = loan.Id,
                AskedAt = now,
                Link = Page(db, loan.Id, now, Loan.OwnerMayAgreeFor),
            },
            now,
            cancellationToken);
    }

    public async Task IssuedAsync(
        PortalDbContext db, License license, Loan loan, Activation lent, Product product, Licensing.Customer customer,
        MailAttachment file, DateTimeOffset now, CancellationToken cancellationToken) =>
        await owners.EnqueueAsync(
            db,
            customer.Id,
            new LoanIssuedMail(customer.AsRecipient(), Told(license, lent, product, customer))
            {
                CustomerId = customer.Id,
                OldPcPauses = !product.Policies.Loans.OldPcStaysValid,
                File = file,
                Page = Page(db, loan.Id, now, lent.EndsAt!.Value + OpenAfterEnd - now),
                Objection = ObjectionLink.Issue(db, address, lent, product, now),
            },
            m => m.CopiesReleases,
            now,
            cancellationToken);

    public async Task DeclinedAsync(
        PortalDbContext db, License license, Loan loan, Product product, string reason, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, license, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new LoanDeclinedMail(customer.AsRecipient(), Told(license, loan, product))
            {
                CustomerId = customer.Id,
                LoanId = loan.Id,
                AskedAt = loan.AskedAt ?? loan.CreatedAt,
                StaffReason = reason,
            },
            now,
            cancellationToken);
    }

    public async Task TellStaffAsync(
        PortalDbContext db, License license, Loan loan, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, license, cancellationToken);
        foreach (var staff in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffLoanMail(staff)
                {
                    LoanId = loan.Id,
                    Customer = customer.Company,
                    Product = product.Name,
                    LicenseNumber = license.Number,
                    LastDay = loan.LastDay,
                    AskedAt = now,
                    LicenseAddress = address.For($"/staff/licenses/{license.Number}"),
                },
                now,
                cancellationToken);
        }
    }

    /// <summary>The computer has given up its seat and goes on for some days.</summary>
    public async Task LeavingAsync(
        PortalDbContext db, License license, Activation leaving, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, license, cancellationToken);
        await owners.EnqueueAsync(
            db,
            customer.Id,
            new OverlapBegunMail(customer.AsRecipient(), Told(license, leaving, product, customer))
            {
                CustomerId = customer.Id,
                Objection = ObjectionLink.Issue(db, address, leaving, product, now),
            },
            m => m.CopiesReleases,
            now,
            cancellationToken);
    }

    /// <summary>Reminds of an end, or tells that it has come; of an old computer after a move only the first.</summary>
    public async Task EndAsync(
        PortalDbContext db, License license, Activation computer, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, license, cancellationToken);
        if (customer.ErasedAt is not null)
        {
            return;
        }

        var hasEnded = computer.RanOut;
        var told = Told(license, computer, product, customer);
        var endsAt = computer.EndsAt!.Value;
        MailModel? model = null;
        if (computer.EndsAs == EndKind.Overlap && !hasEnded)
        {
            model = new OverlapEndingMail(customer.AsRecipient(), told) { CustomerId = customer.Id, EndsAt = endsAt };
        }
        else if (computer.EndsAs == EndKind.Loan
            && await db.Loans.Where(l => l.LicenseId == license.Id && l.State == LoanState.Granted)
                .OrderByDescending(l => l.DecidedAt).Select(l => (Guid?)l.Id).FirstOrDefaultAsync(cancellationToken) is { } loan)
        {
            var page = Page(db, loan, now, endsAt + OpenAfterEnd - now);
            model = hasEnded
                ? new LoanEndedMail(customer.AsRecipient(), told) { CustomerId = customer.Id, Page = page }
                : new LoanEndingMail(customer.AsRecipient(), told) { CustomerId = customer.Id, Page = page };
        }

        if (model is not null)
        {
            await owners.EnqueueAsync(db, customer.Id, model, m => m.CopiesReleases, now, cancellationToken);
        }
    }

    private static Task<Licensing.Customer> CustomerAsync(PortalDbContext db, License license, CancellationToken cancellationToken) =>
        db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);

    private static ToldLicense Told(License license, Loan loan, Product product) =>
        new(product.Id, product.Name, license.Number, loan.LastDay);

    private ToldComputer Told(License license, Activation computer, Product product, Licensing.Customer customer) => new(
        product.Id, product.Name, license.Number, times.LastDayOf(computer.EndsAt!.Value, customer), computer.Handle, computer.Generation,
        computer.PcName);

    private OneTimeLink Page(PortalDbContext db, Guid loan, DateTimeOffset now, TimeSpan lifetime)
    {
        var token = SecretLinks.Issue(db, LinkPurpose.Loan, loan, now, lifetime);
        return new OneTimeLink(address.For($"/loan/owner/{token}"), now + lifetime);
    }
}
