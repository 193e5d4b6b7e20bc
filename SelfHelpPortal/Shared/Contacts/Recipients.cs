using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Shared.Contacts;

internal static class Recipients
{
    /// <summary>The address on file, in the customer's language.</summary>
    public static MailRecipient AsRecipient(this Licensing.Customer customer) => new(customer.Email, customer.Company, customer.Language);

    /// <summary>
    /// Whoever ordered, in the language of the order. Without the name: it was typed with the address, and the mailbox may be a stranger's
    /// to both.
    /// </summary>
    public static MailRecipient AsRecipient(this TransferRequest request) => new(request.Contact!.Email, null, request.Language);
}
