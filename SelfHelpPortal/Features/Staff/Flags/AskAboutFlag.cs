using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Flags;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>Asks the customer what has happened; the case waits for the answer.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class AskAboutFlag(
    IDbContextFactory<PortalDbContext> contexts, LicenseActs acts, ProductCatalog products, FlagLinks links, Outbox outbox)
{
    /// <param name="act">Its reason is the question, which the customer reads.</param>
    public async Task<StaffResult> ExecuteAsync(StaffAct act, string flagNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Guid license;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            license = await db.Flags.Where(f => f.Number == flagNumber).Select(f => f.LicenseId).SingleOrDefaultAsync(cancellationToken);
        }

        return await acts.RunAsync(
            typeof(AskAboutFlag), act, license, flagNumber, (db, locked) =>
                DecideAsync(db, locked, act, flagNumber, now, cancellationToken), now, cancellationToken);
    }

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, string flagNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var question = act.Reason.Trim();
        if (license.Flags.SingleOrDefault(f => f.Number == flagNumber) is not { } flag)
        {
            return StaffRefusal.Conflict;
        }

        var before = flag.State;
        if (flag.Ask(question, now) is not { Succeeded: true, Value: { } asked })
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Case = flag.Number, Before = before.ToString(), After = flag.State.ToString() };
        await EventLog.AppendAsync(db, license.Id, EventKind.FlagAsked, data, act.Actor.AsActor(), question, now, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new FlagQuestionMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                MessageId = asked.Id,
                CaseNumber = flag.Number,
                Product = (await products.GetAsync(db, license.ProductId, cancellationToken)).Name,
                LicenseNumber = license.Number,
                Question = question,
                AskedAt = now,
                Answer = links.Issue(db, flag, now),
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }
}
