using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Platform.Mail;

public enum MailPriority : short
{
    /// <summary>Somebody waits for it.</summary>
    Urgent = 0,
    Normal = 1,
    Low = 2,
}

/// <summary>
/// One mailbox. An address that cannot be written to is not refused here: the mail fails visibly, and the business change stands.
/// </summary>
/// <param name="Culture"><c>de</c>, <c>en</c> or <see cref="VendorsLanguage"/></param>
public sealed record MailRecipient(string Address, string? Name, string Culture)
{
    /// <summary>The default of the vendor's languages, for a reader whose language is not known.</summary>
    public const string VendorsLanguage = "";
}

/// <summary>A link that acts or opens something once, so it ends; a mail that carries one is not sent after that.</summary>
/// <param name="Address">Absolute, made from the public address of the portal.</param>
public sealed record OneTimeLink(string Address, DateTimeOffset Expires);

/// <summary>A stored document. Its bytes are read when the mail is sent and must have this hash.</summary>
/// <param name="Source">Which <see cref="MailAttachmentSource"/> reads it.</param>
/// <param name="FileName">ASCII.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record MailAttachment(string Source, Guid Id, string FileName, string ContentType, string Sha256, long Length);

/// <summary>
/// What one kind of mail says, as plain data. The record stands beside its slice, with its component (<see cref="Component"/>) and
/// its texts (resources of the same name, with the key <c>Subject</c>).
/// </summary>
public abstract record MailModel(MailRecipient To)
{
    public abstract string Kind { get; }

    /// <summary>Names the fact, not the time: the same fact told twice is refused by the database.</summary>
    public abstract string BusinessKey { get; }

    public virtual MailPriority Priority => MailPriority.Normal;

    /// <summary>After this instant it is not sent any more.</summary>
    public virtual DateTimeOffset? Expires => null;

    /// <summary>The case the mail belongs to (<c>L-1044</c>, <c>F-1001</c>); mails of one case form one thread.</summary>
    public virtual string? Reference => null;

    public Guid? CustomerId { get; init; }

    /// <summary>Whose paragraph of the vendor the mail carries; null for mails that belong to no product.</summary>
    public virtual string? AboutProduct => null;

    /// <summary>The account that gets a copy of what the customer's address on file is told.</summary>
    public Guid? CopyFor { get; init; }

    /// <summary>
    /// Its link is how the reader confirms the address: it is tried also where the mailbox was refused, so that its owner can prove that
    /// it takes mails.
    /// </summary>
    public virtual bool ConfirmsAddress => false;

    public virtual IReadOnlyList<MailAttachment> Attachments => [];

    /// <summary>The <see cref="MailBody{TMail}"/> that draws it.</summary>
    public abstract Type Component { get; }

    public abstract string Subject(MailTexts texts);
}

/// <inheritdoc />
public abstract record MailModel<TBody>(MailRecipient To) : MailModel(To)
    where TBody : IComponent
{
    public sealed override Type Component => typeof(TBody);
}

/// <summary>A mail to a customer about a license: the vendor may add a paragraph, for each kind and product.</summary>
public abstract record ProductMailModel<TBody>(MailRecipient To) : MailModel<TBody>(To)
    where TBody : IComponent
{
    public required string ProductId { get; init; }

    public sealed override string AboutProduct => ProductId;
}
