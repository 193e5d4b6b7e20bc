using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Portal.Transfers;

/// <summary>That an act on an order is done.</summary>
internal sealed record TransferActed(string Reference);

/// <summary>
/// What the acts of owners on their orders have in common: whose it is, then the gate, then the act by the order's own rules.
/// </summary>
internal sealed class MyTransferActs(CustomerActs acts, IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="act">Done in the transaction; false when it makes no sense in the order's state.</param>
    public async Task<CustomerAnswer<TransferActed>> RunAsync(
        Type useCase, CustomerAct command, string reference, object content, Func<PortalDbContext, Guid, Task<bool>> act,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnTransfer.FindAsync(db, command.Actor, useCase, reference, cancellationToken) is not { } own
            ? CustomerRefusal.NotFound
            : await acts.RunAsync<TransferActed>(
            useCase, command, own.CustomerId, new { own.Id, content }, async transaction =>
                await act(transaction, own.Id) ? new TransferActed(reference) : CustomerRefusal.Conflict, now, cancellationToken);
    }
}

/// <summary>An owner answers a question of staff.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class AnswerMyTransfer(MyTransferActs acts, AnswerTransfer answer)
{
    public Task<CustomerAnswer<TransferActed>> ExecuteAsync(
        CustomerAct act, string reference, string text, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(AnswerMyTransfer), act, reference, text, (db, id) =>
            answer.AnswerAsync(db, id, text, act.Actor.AsActor(), now, cancellationToken), now, cancellationToken);
}

/// <summary>An owner takes an order back.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class WithdrawMyTransfer(MyTransferActs acts, EndTransfer end)
{
    public Task<CustomerAnswer<TransferActed>> ExecuteAsync(
        CustomerAct act, string reference, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(WithdrawMyTransfer), act, reference, "withdraw", (db, id) =>
            end.WithdrawAsync(db, id, act.Actor.AsActor(), now, cancellationToken), now, cancellationToken);
}

/// <summary>Whoever belongs to the customer ticks what is done on the new PC.</summary>
[CustomerUseCase(CustomerRole.Member)]
internal sealed class KeepMyChecklist(MyTransferActs acts, TransferChecklist checklist)
{
    public Task<CustomerAnswer<TransferActed>> ExecuteAsync(
        CustomerAct act, string reference, ChecklistReply reply, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(KeepMyChecklist), act, reference, reply, (db, id) =>
            checklist.KeepAsync(db, id, reply, cancellationToken), now, cancellationToken);
}

/// <summary>An owner confirms an order for a license of theirs, instead of by the link in the mail.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ConfirmMyTransfer(MyTransferActs acts, ConfirmTransfer confirm)
{
    public Task<CustomerAnswer<TransferActed>> ExecuteAsync(
        CustomerAct act, string reference, OwnerAgreement agreed, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(ConfirmMyTransfer), act, reference, new { confirm = agreed.OrdererGetsLicense },
        (db, id) => confirm.ConfirmAsync(db, id, act.Actor.AsActor(), agreed.OrdererGetsLicense, now, cancellationToken), now,
        cancellationToken);
}
