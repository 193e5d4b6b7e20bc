using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Brings the license for the new computer, with the invoice unless that went out before or there is none. Whoever ordered from another
/// address than the one on file gets the license only when the owner has allowed it; the address on file gets it always.
/// </summary>
public sealed record TransferCompletedMail(MailRecipient To) : ProductMailModel<TransferCompletedMailBody>(To)
{
    public required Guid RequestId { get; init; }
    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required IReadOnlyList<MovedFacts> Licenses { get; init; }
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Null when it does not go along.</summary>
    public required InvoiceFacts? Invoice { get; init; }

    public required bool FeeWaived { get; init; }

    /// <summary>The license file is attached; otherwise it goes to the address on file only.</summary>
    public required bool HasLicense { get; init; }

    /// <summary>To the address on file, of an order that came from another one.</summary>
    public bool IsToOwner { get; init; }

    /// <summary>What is left to do on the new computer.</summary>
    public required ShownChecklist Checklist { get; init; }

    public required IReadOnlyList<MailAttachment> Files { get; init; }

    public required OneTimeLink Status { get; init; }

    public override string Kind => "transfer-completed";
    public override string BusinessKey => IsToOwner ? $"{RequestId}/owner" : RequestId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Status.Expires;
    public override string Reference => RequestReference;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) =>
        texts[!HasLicense ? "Subject.NoLicense" : Invoice is null ? "Subject.NoInvoice" : "Subject", Reference];
}

/// <param name="NewPcName">Null when only whoever ordered knows it.</param>
/// <param name="SubscriptionUntil">Null when the license has none.</param>
public sealed record MovedFacts(string LicenseNumber, string? OldPcName, string? NewPcName, DateOnly? SubscriptionUntil);
