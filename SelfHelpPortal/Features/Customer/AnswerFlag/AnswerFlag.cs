using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>The customer says what has happened; the case goes back to staff.</summary>
internal sealed class AnswerFlag(
    LockedCases cases, ProductCatalog products, Outbox outbox, PublicAddress address, IOptions<MailOptions> mail)
{
    /// <summary>Null when the link cannot act.</summary>
    public Task<Outcome<FlagAnswered>?> ExecuteAsync(
        string token, FlagExplanation explanation, string? text, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) =>
        cases.ChangeAsync(token, (db, license, flag) => AnswerAsync(db, license, flag, explanation, text, caller, now, cancellationToken),
            now, cancellationToken);

    private async Task<Outcome<FlagAnswered>> AnswerAsync(
        PortalDbContext db, License license, Flag flag, FlagExplanation explanation, string? text, Caller caller, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await db.Entry(flag).Collection(f => f.Messages).LoadAsync(cancellationToken);
        var before = flag.State;
        var outcome = flag.Answer(explanation, text, now);
        if (outcome is not { Succeeded: true, Value: { IsRepetition: false, Message: var message } })
        {
            return outcome;
        }

        var data = new EventData
        {
            Case = flag.Number,
            Method = explanation.ToString(),
            Before = before.ToString(),
            After = flag.State.ToString()
        };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.FlagAnswered, data, caller.As(ActorKind.Customer), text, now, cancellationToken);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new FlagAnsweredMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                MessageId = message.Id,
                CaseNumber = flag.Number,
                Product = product.Name,
                LicenseNumber = license.Number,
                Explanation = explanation,
                AnsweredAt = now,
                IsLocked = license.State == LicenseState.Locked,
            },
            now,
            cancellationToken);
        foreach (var staff in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffFlagAnsweredMail(staff)
                {
                    MessageId = message.Id,
                    CaseNumber = flag.Number,
                    Customer = customer.Company,
                    Product = product.Name,
                    LicenseNumber = license.Number,
                    Explanation = explanation,
                    AnsweredAt = now,
                    CaseAddress = address.For($"/staff/flags/{flag.Number}"),
                },
                now,
                cancellationToken);
        }

        return outcome;
    }
}
