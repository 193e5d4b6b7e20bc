using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>A question of staff about a change of the licensee, to whoever has it then, with the way to answer.</summary>
public sealed record OwnerChangeQuestionMail(MailRecipient To) : ProductMailModel<OwnerChangeQuestionMailBody>(To)
{
    /// <summary>Made for the question.</summary>
    public required Guid QuestionId { get; init; }

    public required string ChangeReference { get; init; }
    public required string Product { get; init; }
    public required string Question { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Page { get; init; }

    public override string Kind => "owner-question";
    public override string BusinessKey => QuestionId.ToString();
    public override DateTimeOffset? Expires => Page.Expires;
    public override string Reference => ChangeReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
