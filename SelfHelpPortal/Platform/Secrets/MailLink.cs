using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>What a link in a mail is for. A link opens its own purpose only.</summary>
internal enum LinkPurpose
{
    /// <summary>Not mailed: the address of a release that somebody has begun with a right key.</summary>
    ReleaseRequest,

    /// <summary>Not mailed: the address of an activation without internet, and of its license file.</summary>
    ActivationRequest,

    /// <summary>Not mailed: the address of a license's page for somebody who has typed its key.</summary>
    LicenseInformation,
    ReleaseConfirm,
    Objection,
    Flag,

    /// <summary>Not mailed: the address of a transfer that somebody fills in, and of its result.</summary>
    TransferDraft,
    TransferConfirm,
    TransferStatus,
    Appointment,

    /// <summary>Not mailed: the address of a loan that somebody has asked for.</summary>
    LoanRequest,

    /// <summary>To the loan, for the owner of the license.</summary>
    Loan,
    Registration,
    PasswordReset,
    Invitation,
    StaffAccount,

    /// <summary>Takes away the access of an account that was opened with a key.</summary>
    AccessObjection,

    /// <summary>The address with which one signs in changes once both are confirmed: this is the one of now …</summary>
    AddressOld,

    /// <summary>… and this the one to come.</summary>
    AddressNew,

    /// <summary>To the export of a person's data; it opens for that person only.</summary>
    DataExport,

    /// <summary>Not mailed: the address at which a calendar program of somebody of staff reads the appointments.</summary>
    CalendarFeed,

    /// <summary>Not mailed: the address of a change of the licensee that somebody fills in, and of how it stands.</summary>
    OwnerChange,

    /// <summary>The licensee agrees to a change …</summary>
    OwnerConfirm,

    /// <summary>… and this is for the company that takes the license over.</summary>
    TakerConfirm,

    /// <summary>Answers what staff have asked about a change of the licensee.</summary>
    OwnerAnswer,
}

/// <summary>A link that was mailed. Only its SHA-256 is stored: who reads the database cannot open it.</summary>
internal sealed class MailLink
{
    public required byte[] Hash { get; init; }

    public required LinkPurpose Purpose { get; init; }

    public required Guid RecordId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }
}

internal sealed class MailLinkConfiguration : IEntityTypeConfiguration<MailLink>
{
    public void Configure(EntityTypeBuilder<MailLink> builder)
    {
        builder.ToTable("mail_link");
        builder.HasKey(l => l.Hash);
        builder.Property(l => l.Purpose).HasConversion<string>();
        builder.HasIndex(l => l.RecordId);
    }
}
