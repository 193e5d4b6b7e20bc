using System.Globalization;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <summary>Brings the invoice of a renewed subscription, and the license files that tell its new end.</summary>
public sealed record SubscriptionRenewedMail(MailRecipient To) : ProductMailModel<SubscriptionRenewedMailBody>(To)
{
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }

    /// <summary>First day that was renewed.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly Until { get; init; }

    public required InvoiceFacts Invoice { get; init; }

    /// <summary>Who of the customer's people.</summary>
    public required string OrderedBy { get; init; }

    public required DateTimeOffset OrderedAt { get; init; }

    /// <summary>Those that use the license now.</summary>
    public required IReadOnlyList<RenewedComputer> Computers { get; init; }

    public required IReadOnlyList<MailAttachment> Files { get; init; }

    /// <summary>A consumer asked for the service before the withdrawal period ends.</summary>
    public required bool EarlyStart { get; init; }

    public required string LicenseAddress { get; init; }

    public override string Kind => "subscription-renewed";
    public override string BusinessKey => Invoice.Number;
    public override string Reference => LicenseNumber;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) =>
        texts["Subject", LocalTimes.Date(Until, CultureInfo.GetCultureInfo(To.Culture)), Reference];
}

/// <param name="FileName">Of its license file.</param>
public sealed record RenewedComputer(string? PcName, string FileName);
