using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Configurations;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <param name="Reference">Null when nothing was ordered.</param>
internal readonly record struct EnteredTransfer(StaffResult Result, string? Reference)
{
    public StaffRefusal? Refused => Result.Refused;
}

/// <summary>
/// Enters an order for a customer who called or wrote. It is the customer's own order in all but who typed it: the owner of the license is
/// asked at the address on file, and owes nothing before he has agreed.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class EnterTransfer(
    AdministrationActs acts, TransferEntry entry, PlaceOrder place, TransferLinks links, TransferMailer mailer,
    IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="command">Made when the form was shown: however often it is sent, there is one order.</param>
    /// <param name="shown">The price that the clerk has told the customer.</param>
    /// <param name="language">Of the page.</param>
    public async Task<EnteredTransfer> ExecuteAsync(
        StaffActor actor, Guid command, TypedTransfer typed, DraftPrice? shown, string language, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        StaffResult result;
        try
        {
            result = await acts.RunAsync(
                typeof(EnterTransfer), actor, command, actor.Id, JsonSerializer.Serialize(new { typed, shown }),
                db => EnterAsync(db, actor, command, typed, shown, language, now, cancellationToken), now, cancellationToken);
        }
        catch (DbUpdateException taken) when (
            taken.InnerException is PostgresException { ConstraintName: TransferItemConfiguration.WaitingIndex })
        {
            // Of two orders at once for one license the other was first.
            result = StaffRefusal.InOtherRequest;
        }

        if (!result.Succeeded)
        {
            return new(result, null);
        }

        try
        {
            await using var made = await contexts.CreateDbContextAsync(cancellationToken);
            return new(result, await made.Transfers.Where(r => r.Id == command).Select(r => r.Reference).SingleAsync(cancellationToken));
        }
        catch (Exception failure) when (StaffRefusals.For(failure) is not null)
        {
            // It was done, but its reference cannot be told; sent again, it can.
            return new(StaffRefusal.OutcomeUnknown, null);
        }
    }

    private async Task<StaffResult> EnterAsync(
        PortalDbContext db, StaffActor actor, Guid id, TypedTransfer typed, DraftPrice? shown, string language, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var order = await entry.CheckAsync(db, typed, language, now, cancellationToken);
        if (order.Problems.Count > 0)
        {
            return Invalid([.. order.Problems]);
        }

        // A customer's order of such a license waits for staff. Here staff sit, and can put the license right before.
        if (order.License is not { State: LicenseState.Active })
        {
            return StaffRefusal.LicenseStanding;
        }

        if (order.Chosen?.Shown != shown)
        {
            return Invalid(TransferProblems.PriceChanged);
        }

        var request = new TransferRequest { Id = id, CreatedAt = now, Draft = order.Draft with { Shown = shown } };
        db.Add(request);
        var placed = await place.ExecuteAsync(
            db, request, new Orderer(actor.AsActor(), IsStaff: true), language, typed.EarlyStart, now, cancellationToken);
        if (placed.Product is not { } product)
        {
            return placed.Result.Outcome switch
            {
                OrderOutcome.AnotherWaits => StaffRefusal.InOtherRequest,
                OrderOutcome.NothingToMove => Invalid(TransferProblems.NothingToMove),
                OrderOutcome.NotAgreed => Invalid(TransferProblems.EarlyStart),
                OrderOutcome.PriceChanged => Invalid(TransferProblems.PriceChanged),
                OrderOutcome.Incomplete or OrderOutcome.Ordered => StaffRefusal.Conflict,
            };
        }

        if (request.State != TransferState.AwaitingConfirmation)
        {
            // Without an owner nobody could agree.
            return StaffRefusal.NotIdentified;
        }

        // The owner would find that out only when he agrees; the clerk may know it now.
        var computers = request.Items.Select(i => i.ActivationId).OfType<Guid>().ToList();
        if (await db.Set<TransferItem>().AnyAsync(i => i.IsOpen && computers.Contains(i.ActivationId!.Value), cancellationToken))
        {
            return StaffRefusal.InOtherRequest;
        }

        await links.AskOwnerAsync(db, request, now, cancellationToken);
        await mailer.ReceivedAsync(db, request, product, placed.AsksEarlyStart, now, cancellationToken);
        return StaffResult.Done;
    }

    private static StaffResult Invalid(params IReadOnlyList<BrokenRule> problems) => new(StaffRefusal.SettingInvalid, problems);
}
