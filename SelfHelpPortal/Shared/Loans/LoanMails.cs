using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Loans;

/// <summary>What all mails about a computer that uses a license for a while say. Nothing that somebody else typed stands in them.</summary>
public abstract record LoanMail<TBody>(MailRecipient To) : ProductMailModel<TBody>(To)
    where TBody : IComponent
{
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }

    /// <summary>The last day, where the customer is; it ends at its end.</summary>
    public required DateOnly LastDay { get; init; }

    public override string Reference => LicenseNumber;

    private protected string Day(MailTexts texts) => LocalTimes.Date(LastDay, texts.Culture);
}

/// <summary>
/// The same about one computer. Its name comes from the computer itself or, before the license was lent, from whoever asked.
/// </summary>
public abstract record ComputerMail<TBody>(MailRecipient To) : LoanMail<TBody>(To)
    where TBody : IComponent
{
    public required string Handle { get; init; }
    public required int Generation { get; init; }
    public required string? PcName { get; init; }

    public override string BusinessKey => string.Create(CultureInfo.InvariantCulture, $"{Handle}/{Generation}");
}

/// <summary>Asks the owner whether his license may be lent. Who asks, why and with what computer stands on the page.</summary>
public sealed record LoanConfirmMail(MailRecipient To) : LoanMail<LoanConfirmMailBody>(To)
{
    public required Guid LoanId { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "loan-confirm";
    public override string BusinessKey => LoanId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}

/// <summary>The license is lent; with its license file.</summary>
public sealed record LoanIssuedMail(MailRecipient To) : ComputerMail<LoanIssuedMailBody>(To)
{
    /// <summary>The computer that is being repaired may not use the license meanwhile.</summary>
    public required bool OldPcPauses { get; init; }

    public required MailAttachment File { get; init; }

    /// <summary>To the loan, where it can become a transfer.</summary>
    public required OneTimeLink Page { get; init; }

    /// <summary>"This was not me".</summary>
    public required OneTimeLink Objection { get; init; }

    public override string Kind => "loan-issued";
    public override MailPriority Priority => MailPriority.Urgent;

    /// <summary>Its license file is of use after the time for objecting.</summary>
    public override DateTimeOffset? Expires => Page.Expires;

    public override IReadOnlyList<MailAttachment> Attachments => [File];

    public override string Subject(MailTexts texts) => texts["Subject", Day(texts)];
}

/// <summary>Some days before the end of a loan.</summary>
public sealed record LoanEndingMail(MailRecipient To) : ComputerMail<LoanEndingMailBody>(To)
{
    public required OneTimeLink Page { get; init; }

    public override string Kind => "loan-ending";
    public override DateTimeOffset? Expires => Page.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Day(texts)];
}

/// <summary>The loan has ended by itself.</summary>
public sealed record LoanEndedMail(MailRecipient To) : ComputerMail<LoanEndedMailBody>(To)
{
    public required OneTimeLink Page { get; init; }

    public override string Kind => "loan-ended";
    public override DateTimeOffset? Expires => Page.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}

/// <summary>Staff will not lend the license.</summary>
public sealed record LoanDeclinedMail(MailRecipient To) : LoanMail<LoanDeclinedMailBody>(To)
{
    public required Guid LoanId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>As staff typed it.</summary>
    public required string StaffReason { get; init; }

    public override string Kind => "loan-declined";
    public override string BusinessKey => LoanId.ToString();

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}

/// <summary>A computer gave up its seat and goes on for some days.</summary>
public sealed record OverlapBegunMail(MailRecipient To) : ComputerMail<OverlapBegunMailBody>(To)
{
    public required OneTimeLink Objection { get; init; }

    public override string Kind => "overlap-begun";

    /// <summary>The same computer may leave, come back and leave again.</summary>
    public override string BusinessKey =>
        string.Create(CultureInfo.InvariantCulture, $"{Handle}/{Generation}/{Objection.Expires.UtcTicks}");

    public override DateTimeOffset? Expires => Objection.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Day(texts)];
}

/// <summary>Some days before the old computer ends by itself.</summary>
public sealed record OverlapEndingMail(MailRecipient To) : ComputerMail<OverlapEndingMailBody>(To)
{
    public required DateTimeOffset EndsAt { get; init; }

    public override string Kind => "overlap-ending";

    public override string BusinessKey =>
        string.Create(CultureInfo.InvariantCulture, $"{Handle}/{Generation}/{LastDay:yyyy-MM-dd}");

    public override string Subject(MailTexts texts) => texts["Subject", Day(texts)];
}

/// <summary>Tells staff that a loan waits for them.</summary>
public sealed record StaffLoanMail(MailRecipient To) : MailModel<StaffLoanMailBody>(To)
{
    public required Guid LoanId { get; init; }
    public required string Customer { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateOnly LastDay { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The license's page; absolute.</summary>
    public required string LicenseAddress { get; init; }

    public override string Kind => "staff-loan";
    public override string BusinessKey => $"{LoanId}/{MailAddresses.Tag(To.Address)}";
    public override string Reference => LicenseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
