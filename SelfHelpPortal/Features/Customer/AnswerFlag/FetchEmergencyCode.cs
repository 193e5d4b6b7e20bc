using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>Hands out the emergency code of a locked license, once a year; the page shows it for as long as it runs.</summary>
internal sealed class FetchEmergencyCode(LockedCases cases, ProductCatalog products, ActivationSecretsFactory secrets, Outbox outbox)
{
    /// <param name="computer">Which one is to go on, when there are several.</param>
    /// <returns>Null when the link cannot act.</returns>
    public Task<Outcome<EmergencyGranted>?> ExecuteAsync(
        string token, Guid? computer, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) =>
        cases.ChangeAsync(token, (db, license, flag) => GrantAsync(db, license, flag, computer, caller, now, cancellationToken), now,
            cancellationToken);

    private async Task<Outcome<EmergencyGranted>> GrantAsync(
        PortalDbContext db, License license, Flag flag, Guid? computer, Caller caller, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var outcome = license.GrantEmergency(computer, product.Policies.Flag, now);
        if (outcome is not { Succeeded: true, Value: { IsRepetition: false, Grant: var grant } })
        {
            return outcome;
        }

        var activation = license.Activations.Single(a => a.Id == grant.ActivationId);
        var data = new EventData
        {
            Activation = activation.Id,
            Seat = activation.Seat,
            Generation = activation.Generation,
            Case = flag.Number,
            Until = grant.ValidUntil
        };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.EmergencyCodeGranted, data, caller.As(ActorKind.Customer), text: null, now, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new EmergencyCodeMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                GrantId = grant.Id,
                CaseNumber = flag.Number,
                Product = product.Name,
                LicenseNumber = license.Number,
                PcName = activation.PcName,
                Code = EmergencyCode.Compute(secrets.Open(activation), activation.Handle, activation.Generation, grant.Year).ToString(),
                FetchedAt = now,
                ValidUntil = grant.ValidUntil,
            },
            now,
            cancellationToken);
        return outcome;
    }
}
