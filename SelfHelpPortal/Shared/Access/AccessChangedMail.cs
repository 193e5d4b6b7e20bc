using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Access;

/// <summary>What somebody may see of a customer, in the order of how much that is.</summary>
public enum AccessOf
{
    None,
    KeyHolder,
    Member,
    Owner,
}

/// <summary>Tells the address on file and the owners that somebody else may see or decide more or less from now on.</summary>
public sealed record AccessChangedMail(MailRecipient To) : MailModel<AccessChangedMailBody>(To)
{
    /// <summary>Names the one change that is told.</summary>
    public required Guid ChangeId { get; init; }

    public required string CustomerNumber { get; init; }

    /// <summary>Masked; the name that somebody gave themselves does not stand in a mail.</summary>
    public required string Person { get; init; }

    public required AccessOf Before { get; init; }
    public required AccessOf After { get; init; }

    /// <summary>The owner who decided; null where it was the person or somebody with a link.</summary>
    public required string? By { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Absolute.</summary>
    public required string PeopleAddress { get; init; }

    public override string Kind => "access-changed";
    public override string BusinessKey => ChangeId.ToString();
    public override string Reference => CustomerNumber;

    public override string Subject(MailTexts texts) => texts[After is AccessOf.Owner ? "SubjectOwner" : "Subject", CustomerNumber];
}
