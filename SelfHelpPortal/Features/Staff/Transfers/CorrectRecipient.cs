using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>To whom the invoice goes, as a clerk types it.</summary>
public sealed record RecipientInput(string? Company, string? Name, string? Street, string? PostalCode, string? City, string? Country)
{
    public static RecipientInput From(TransferContact contact) =>
        new(contact.Company, contact.Name, contact.Street, contact.PostalCode, contact.City, contact.Country);
}

/// <summary>
/// Corrects the recipient of an open order, where the invoice cannot be issued to the one that was typed: a letter that no font has, a
/// territory that the address leaves open. The customer's own data stay as they are.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class CorrectRecipient(TransferActs acts, InvoiceLetters letters)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid request, RecipientInput input, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(CorrectRecipient),
        act,
        request,
        input.ToString(),
        async (db, locked) =>
        {
            var transfer = locked.Request;
            if (transfer.Contact is not { } before)
            {
                return StaffRefusal.Conflict;
            }

            var typed = Typed(before, input);
            if (ProblemsOf(typed).ToList() is { Count: > 0 } problems)
            {
                return new StaffResult(StaffRefusal.InvoiceInvalid, [.. problems.Select(Said)]);
            }

            if (!transfer.CorrectRecipient(ContactRules.Checked(typed) with { InvoiceFormat = before.InvoiceFormat }, now).Succeeded)
            {
                return StaffRefusal.Conflict;
            }

            await TransferEvents.AppendAsync(
                db, transfer, transfer.State, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken, nameof(CorrectRecipient));
            return StaffResult.Done;
        },
        now,
        cancellationToken);

    private static DraftContact Typed(TransferContact before, RecipientInput input) => new()
    {
        Company = input.Company,
        Name = input.Name,
        Email = before.Email,
        Phone = before.Phone,
        Street = input.Street,
        PostalCode = input.PostalCode,
        City = input.City,
        Country = input.Country,
        VatId = before.VatId,
        BuyerReference = before.BuyerReference,
        OrderNumber = before.OrderNumber,
        Remark = before.Remark,
    };

    private IEnumerable<ContactProblem> ProblemsOf(DraftContact typed) =>
        ContactRules.ProblemsOf(typed).Concat(DrawableContact.ProblemsOf(typed, letters));

    private static BrokenRule Said(ContactProblem problem) => ContactSentences.Of(problem);
}
