using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.LostKey;

/// <summary>Lists the keys of a customer; the only mail that carries any.</summary>
public sealed record LostKeyMail(MailRecipient To) : MailModel<LostKeyMailBody>(To)
{
    /// <summary>More keys than a mail may hold without being cut off by common readers come in several.</summary>
    internal const int MostKeys = 50;

    /// <summary>Of the wish for the mail.</summary>
    public required Guid RequestId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>1, 2, … of <see cref="Parts"/>.</summary>
    public required int Part { get; init; }

    public required int Parts { get; init; }

    /// <summary>In the order of their products.</summary>
    public required IReadOnlyList<LostKeyLine> Keys { get; init; }

    public override string Kind => "lost-key";
    public override string BusinessKey => $"{RequestId}/{Part}";
    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject"];
}

/// <param name="Company">Only where the address stands for several customers.</param>
public sealed record LostKeyLine(string Product, string LicenseNumber, string? Company, string Key);
