using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Loans;

/// <summary>The license as a mail tells of it.</summary>
/// <param name="LastDay">Where the customer is; it ends at its end.</param>
public record ToldLicense(string ProductId, string Product, string LicenseNumber, DateOnly LastDay);

/// <summary>A computer that uses the license for a while.</summary>
/// <param name="PcName">From the computer itself or, before the license was lent, from whoever asked.</param>
public sealed record ToldComputer(
    string ProductId, string Product, string LicenseNumber, DateOnly LastDay, string Handle, int Generation, string? PcName)
    : ToldLicense(ProductId, Product, LicenseNumber, LastDay);

/// <summary>What all mails about a license that is used for a while say. Nothing that somebody else typed stands in them.</summary>
public abstract record LoanMail<TBody>(MailRecipient To, ToldLicense License) : MailModel<TBody>(To)
    where TBody : IComponent
{
    public override string Reference => License.LicenseNumber;
    public sealed override string AboutProduct => License.ProductId;

    private protected string Day(MailTexts texts) => LocalTimes.Date(License.LastDay, texts.Culture);
}

/// <summary>The same about one computer.</summary>
public abstract record ComputerMail<TBody>(MailRecipient To, ToldComputer About) : LoanMail<TBody>(To, About)
    where TBody : IComponent
{
    public override string BusinessKey => string.Create(CultureInfo.InvariantCulture, $"{About.Handle}/{About.Generation}");
}

/// <summary>Asks the owner whether his license may be lent. Who asks, why and with what computer stands on the page.</summary>
public sealed record LoanConfirmMail(MailRecipient To, ToldLicense License) : LoanMail<LoanConfirmMailBody>(To, License)
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
public sealed record LoanIssuedMail(MailRecipient To, ToldComputer About) : ComputerMail<LoanIssuedMailBody>(To, About)
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
public sealed record LoanEndingMail(MailRecipient To, ToldComputer About) : ComputerMail<LoanEndingMailBody>(To, About)
{
    public required OneTimeLink Page { get; init; }

    public override string Kind => "loan-ending";
    public override DateTimeOffset? Expires => Page.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Day(texts)];
}

/// <summary>The loan has ended by itself.</summary>
public sealed record LoanEndedMail(MailRecipient To, ToldComputer About) : ComputerMail<LoanEndedMailBody>(To, About)
{
    public required OneTimeLink Page { get; init; }

    public override string Kind => "loan-ended";
    public override DateTimeOffset? Expires => Page.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}

/// <summary>Staff will not lend the license.</summary>
public sealed record LoanDeclinedMail(MailRecipient To, ToldLicense License) : LoanMail<LoanDeclinedMailBody>(To, License)
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
public sealed record OverlapBegunMail(MailRecipient To, ToldComputer About) : ComputerMail<OverlapBegunMailBody>(To, About)
{
    public required OneTimeLink Objection { get; init; }

    public override string Kind => "overlap-begun";

    /// <summary>The same computer may leave, come back and leave again.</summary>
    public override string BusinessKey =>
        string.Create(CultureInfo.InvariantCulture, $"{About.Handle}/{About.Generation}/{Objection.Expires.UtcTicks}");

    public override DateTimeOffset? Expires => Objection.Expires;

    public override string Subject(MailTexts texts) => texts["Subject", Day(texts)];
}

/// <summary>Some days before the old computer ends by itself.</summary>
public sealed record OverlapEndingMail(MailRecipient To, ToldComputer About) : ComputerMail<OverlapEndingMailBody>(To, About)
{
    public required DateTimeOffset EndsAt { get; init; }

    public override string Kind => "overlap-ending";

    public override string BusinessKey =>
        string.Create(CultureInfo.InvariantCulture, $"{About.Handle}/{About.Generation}/{About.LastDay:yyyy-MM-dd}");

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
