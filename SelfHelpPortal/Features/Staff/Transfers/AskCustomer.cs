using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Asks whoever ordered; the request waits for the answer.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class AskCustomer(TransferActs acts, ProductCatalog products, TransferMailer mails, Outbox outbox)
{
    /// <param name="act">Its reason is the question, which the customer reads.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
        typeof(AskCustomer), act, request, "", (db, locked) =>
            DecideAsync(db, locked, act, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, LockedTransfer locked, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = locked.Request;
        var before = request.State;
        if (!request.Ask(act.Reason.Trim(), now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        await TransferEvents.AppendAsync(db, request, before, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new TransferQuestionMail(request.AsRecipient())
            {
                ProductId = request.ProductId,
                CustomerId = request.CustomerId,
                MessageId = request.Messages[^1].Id,
                RequestReference = request.Reference!,
                Product = (await products.GetAsync(db, request.ProductId, cancellationToken)).Name,
                Question = act.Reason.Trim(),
                AskedAt = now,
                Status = mails.StatusLink(db, request, now),
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }
}
