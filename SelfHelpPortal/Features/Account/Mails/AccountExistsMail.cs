using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Requests;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>Says in private what the page does not say in public: there is an account with this address already.</summary>
public sealed record AccountExistsMail(MailRecipient To) : MailModel<AccountExistsMailBody>(To)
{
    /// <summary>Of the wish for an account, or for this address.</summary>
    public required Guid RequestId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Where one signs in; absolute.</summary>
    public required string SignInAddress { get; init; }

    /// <summary>Where one gets a new password; absolute.</summary>
    public required string ResetAddress { get; init; }

    public override string Kind => "account-exists";
    public override string BusinessKey => RequestId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject"];

    internal static AccountExistsMail For(PortalUser user, MailRequest asked, PublicAddress address) =>
        new(new MailRecipient(user.Email!, user.DisplayName, user.Culture))
        {
            RequestId = asked.Id,
            AskedAt = asked.AskedAt,
            SignInAddress = address.For("/account/sign-in"),
            ResetAddress = address.For("/account/reset"),
        };
}
