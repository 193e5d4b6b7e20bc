using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>Tells staff once a week what came in, beside the week before, and what still waits. It names no customer.</summary>
public sealed record StaffDigestMail(MailRecipient To) : MailModel<StaffDigestMailBody>(To)
{
    public required DateOnly Monday { get; init; }
    public required WeekFigures Week { get; init; }
    public required WeekFigures Before { get; init; }
    public required int OpenCases { get; init; }
    public required int WaitingOrders { get; init; }
    public required int FailedMails { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Absolute.</summary>
    public required string FiguresAddress { get; init; }

    public override string Kind => "staff-digest";
    public override string BusinessKey => $"{Monday:O}/{MailAddresses.Tag(To.Address)}";
    public override MailPriority Priority => MailPriority.Low;

    public override string Subject(MailTexts texts) =>
        texts["Subject", LocalTimes.Date(Monday, texts.Culture), LocalTimes.Date(Monday.AddDays(6), texts.Culture)];
}
