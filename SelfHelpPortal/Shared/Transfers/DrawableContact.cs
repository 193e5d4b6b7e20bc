using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Whether the invoice's font has every letter of an address. What it has not is said while the customer can still write it otherwise: an
/// order that nobody can invoice is one that nobody can finish.
/// </summary>
internal static class DrawableContact
{
    /// <inheritdoc cref="ProblemsOf(DraftContact, InvoiceLetters)"/>
    public static IEnumerable<ContactProblem> ProblemsOf(TransferContact contact, InvoiceLetters letters) => ProblemsOf(
        new DraftContact
        {
            Company = contact.Company,
            Name = contact.Name,
            Street = contact.Street,
            PostalCode = contact.PostalCode,
            City = contact.City,
            BuyerReference = contact.BuyerReference,
            OrderNumber = contact.OrderNumber,
        },
        letters);

    /// <returns>One for each field, with the character.</returns>
    public static IEnumerable<ContactProblem> ProblemsOf(DraftContact contact, InvoiceLetters letters)
    {
        (string Field, string? Value)[] drawn =
        [
            (nameof(contact.Company), contact.Company), (nameof(contact.Name), contact.Name), (nameof(contact.Street), contact.Street),
            (nameof(contact.PostalCode), contact.PostalCode), (nameof(contact.City), contact.City),
            (nameof(contact.BuyerReference), contact.BuyerReference), (nameof(contact.OrderNumber), contact.OrderNumber),
        ];
        return drawn.Select(line => new ContactProblem(line.Field, "NotDrawable", letters.FirstMissing(line.Value)))
            .Where(problem => problem.Value is not null);
    }
}
