using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>To the licensee with the new data, or the new licensee: it is done, with the invoice and the new license files.</summary>
public sealed record OwnerChangeSettledMail(MailRecipient To) : ProductMailModel<OwnerChangeSettledMailBody>(To)
{
    public required Guid ChangeId { get; init; }
    public required string ChangeReference { get; init; }
    public required OwnerChangeKind Change { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string CustomerNumber { get; init; }
    public required string Licensee { get; init; }

    /// <summary>Null when it cost nothing.</summary>
    public required InvoiceFacts? Invoice { get; init; }

    /// <summary>Those that use the license now, by name, with their files.</summary>
    public required IReadOnlyList<RenamedComputer> Computers { get; init; }

    public required IReadOnlyList<MailAttachment> Files { get; init; }

    /// <summary>Where the key can be asked for.</summary>
    public required string KeyAddress { get; init; }

    public required DateTimeOffset SettledAt { get; init; }

    public override string Kind => "owner-settled";
    public override string BusinessKey => ChangeId.ToString();
    public override string Reference => ChangeReference;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) => texts["Subject." + Change, Reference];
}

/// <param name="FileName">Of its license file with the new name.</param>
public sealed record RenamedComputer(string? PcName, string FileName);
