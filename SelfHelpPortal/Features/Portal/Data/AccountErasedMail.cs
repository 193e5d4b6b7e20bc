using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Portal.Data;

/// <summary>The last mail to an address: the account, or the data of the customer, are gone.</summary>
public sealed record AccountErasedMail(MailRecipient To) : MailModel<AccountErasedMailBody>(To)
{
    /// <summary>Of the account or the customer.</summary>
    public required Guid ErasedId { get; init; }

    /// <summary>Null for an account.</summary>
    public required string? CustomerNumber { get; init; }

    /// <summary>The last day for which the law keeps one of the customer's invoices.</summary>
    public DateOnly? InvoicesUntil { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    public override string Kind => "account-erased";
    public override string BusinessKey => ErasedId.ToString();

    public override string Subject(MailTexts texts) => CustomerNumber is null ? texts["Subject"] : texts["Subject.Customer"];
}
