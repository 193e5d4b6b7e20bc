using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Access;

/// <summary>Tells the address on file and the owners that somebody else may see or decide more or less from now on.</summary>
public sealed record AccessChangedMail(MailRecipient To) : MailModel<AccessChangedMailBody>(To)
{
    /// <summary>Names the one change that is told.</summary>
    public required Guid ChangeId { get; init; }

    public required string CustomerNumber { get; init; }

    /// <summary>Masked; the name that somebody gave themselves does not stand in a mail.</summary>
    public required string Person { get; init; }

    /// <summary>The name of a role; null: none.</summary>
    public required string? Before { get; init; }

    public required string? After { get; init; }

    /// <summary>The owner who decided; null where it was the person or somebody with a link.</summary>
    public required string? By { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Absolute.</summary>
    public required string PeopleAddress { get; init; }

    public override string Kind => "access-changed";
    public override string BusinessKey => ChangeId.ToString();
    public override string Reference => CustomerNumber;

    public override string Subject(MailTexts texts) => texts[After is "Owner" ? "SubjectOwner" : "Subject", CustomerNumber];
}
