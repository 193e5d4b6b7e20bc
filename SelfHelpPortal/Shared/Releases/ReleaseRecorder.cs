using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>What belongs to every release, by whichever way it came: the event, the link to object, and the mail to the owner.</summary>
internal sealed class ReleaseRecorder(ProductCatalog products, OwnerMails mails, LoanMailer loans, PublicAddress address)
{
    /// <summary>Adds everything to the caller's transaction; the caller saves and commits.</summary>
    /// <param name="reason">What was typed, if anything.</param>
    public async Task RecordAsync(
        PortalDbContext db, License license, Activation activation, Actor actor, string? reason, bool confirmedByMail, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var method = activation.ReleasedBy
            ?? throw new ArgumentException("The activation has not been released, so there is no release to record.", nameof(activation));
        if (activation.IsActive)
        {
            var leaving = new EventData
            {
                Activation = activation.Id,
                Seat = activation.Seat,
                Generation = activation.Generation,
                Method = method.ToString(),
                Until = activation.EndsAt,
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.Leaving, leaving, actor, reason, now, cancellationToken);
            var product = await products.GetAsync(db, license.ProductId, cancellationToken);
            await loans.LeavingAsync(db, license, activation, product, now, cancellationToken);
            return;
        }

        await EventLog.AppendAsync(
            db,
            license.Id,
            EventKind.Released,
            new EventData
            {
                Activation = activation.Id,
                Seat = activation.Seat,
                Generation = activation.Generation,
                Method = method.ToString(),
                Before = nameof(ActivationState.Active),
                After = nameof(ActivationState.Released),
            },
            actor,
            reason,
            now,
            cancellationToken);
        // Somebody who only had the key may have typed any name.
        var belongs = method == ReleaseMethod.Account
            && await db.CustomerMembers.AnyAsync(m => m.CustomerId == license.CustomerId && m.UserId == actor.Id, cancellationToken);
        await NotifyOwnerAsync(db, license, activation, confirmedByMail, belongs ? actor.Name : null, now, cancellationToken);
    }

    /// <summary>The owner hears of it at the address on file, with the way to object.</summary>
    /// <param name="accountName">Who was signed in, when the release was made in an account.</param>
    public async Task NotifyOwnerAsync(
        PortalDbContext db, License license, Activation activation, bool confirmedByMail, string? accountName, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await mails.EnqueueAsync(
            db,
            customer.Id,
            new ReleasedMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                Handle = activation.Handle,
                Generation = activation.Generation,
                Product = product.Name,
                LicenseNumber = license.Number,
                PcName = activation.PcName,
                ReleasedAt = now,
                Method = activation.ReleasedBy!.Value,
                ConfirmedByMail = confirmedByMail,
                AccountName = accountName,
                Objection = ObjectionLink.Issue(db, address, activation, product, now),
            },
            m => m.CopiesReleases,
            now,
            cancellationToken);
    }
}
