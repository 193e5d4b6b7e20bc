using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Portal.Data;

/// <summary>Leads whoever asked for their data to the download.</summary>
public sealed record DataReadyMail(MailRecipient To) : MailModel<DataReadyMailBody>(To)
{
    /// <summary>Names the one wish that is answered.</summary>
    public required Guid AskId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "data-ready";
    public override string BusinessKey => AskId.ToString();
    public override DateTimeOffset? Expires => Link.Expires;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
