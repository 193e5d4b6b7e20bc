using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Common;

internal static class Recipients
{
    /// <summary>The address on file, in the customer's language.</summary>
    public static MailRecipient AsRecipient(this Licensing.Customer customer) => new(customer.Email, customer.Company, customer.Language);

    /// <summary>Whoever ordered, in the language of the order.</summary>
    public static MailRecipient AsRecipient(this TransferRequest request) => new(request.Contact!.Email, request.Contact.Name, request.Language);
}
