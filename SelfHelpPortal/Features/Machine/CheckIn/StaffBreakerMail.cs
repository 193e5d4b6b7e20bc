using System.Globalization;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>Tells staff that automatic locks of a product have stopped, because there were too many to be fraud.</summary>
public sealed record StaffBreakerMail(MailRecipient To) : MailModel<StaffBreakerMailBody>(To)
{
    public required string Product { get; init; }

    /// <summary>Locks and would-be locks within the last hour.</summary>
    public required int Count { get; init; }

    public required int AllowedPerHour { get; init; }
    public required DateTimeOffset StoppedAt { get; init; }

    /// <summary>The list of open flags; absolute.</summary>
    public required string FlagsAddress { get; init; }

    public override string Kind => "staff-breaker";

    /// <summary>One a product, hour and recipient, however many check-ins meet the stopped breaker.</summary>
    public override string BusinessKey =>
        $"{Product}/{StoppedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture)}/{MailAddresses.Tag(To.Address)}";

    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject", Count];
}
