namespace SelfHelpPortal.Platform.Mail;

/// <summary>Reads the documents of one <see cref="MailAttachment.Source"/>; null when the document is gone.</summary>
internal sealed record MailAttachmentSource(string Name, Func<Guid, CancellationToken, Task<byte[]?>> ReadAsync);
