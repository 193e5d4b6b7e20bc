using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// Tells the former address on file that the vendor has put another one in its place by an import, in case that is a mistake: releases and
/// locks are told at the other one from now on, which is not named here.
/// </summary>
public sealed record AddressReplacedMail(MailRecipient To) : MailModel<AddressReplacedMailBody>(To)
{
    /// <summary>Of the list that is imported: a customer hears of it once, however many rows name another address.</summary>
    public required Guid ImportId { get; init; }

    public required string CustomerNumber { get; init; }
    public required DateTimeOffset ReplacedAt { get; init; }

    public override string Kind => "address-replaced";
    public override string BusinessKey => $"{ImportId}/{CustomerNumber}";
    public override string Reference => CustomerNumber;

    public override string Subject(MailTexts texts) => texts["Subject", CustomerNumber];
}
