namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>What follows from one try: the table of states and results, without a database.</summary>
/// <param name="DueAt">When it may be claimed again; meaningless for a mail that is done.</param>
/// <param name="CountsAttempt">False when nothing was burned, so the number of attempts is taken back.</param>
/// <param name="KeepsPayload">Whether the content may still be needed.</param>
internal readonly record struct MailVerdict(
    OutboxState State, AttemptResult Result, DateTimeOffset DueAt, bool CountsAttempt, bool KeepsPayload)
{
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(48);
    public static readonly TimeSpan WaitWhenUnknown = TimeSpan.FromMinutes(15);

    private static readonly int[] BackOffMinutes = [1, 5, 15, 30, 60, 120, 240];

    /// <param name="spread">-1 to 1: where within the ±10 % the next attempt lies, so that mails do not come back all at once.</param>
    /// <param name="refusedBefore">The server refused us over this mail before and has taken others since.</param>
    public static MailVerdict Decide(SendResult result, OutboxMessage mail, DateTimeOffset now, double spread, bool refusedBefore) =>
        result switch
        {
            SendResult.Sent => Done(OutboxState.Sent, AttemptResult.Sent, mail, keepsPayload: false),
            SendResult.Transient when now >= mail.TriedSince + GiveUpAfter => Done(OutboxState.Failed, AttemptResult.Transient, mail),
            SendResult.Transient =>
                new(OutboxState.Pending, AttemptResult.Transient, NextTry(mail, now, spread), CountsAttempt: true, KeepsPayload: true),
            SendResult.RecipientRefused => Done(OutboxState.Failed, AttemptResult.RecipientRefused, mail),
            SendResult.MessageRefused => Done(OutboxState.Failed, AttemptResult.MessageRefused, mail),

            // Some servers answer 554 about one recipient only.
            SendResult.Configuration when refusedBefore => Done(OutboxState.Failed, AttemptResult.MessageRefused, mail),
            SendResult.Configuration =>
                new(OutboxState.Pending, AttemptResult.Configuration, mail.DueAt, CountsAttempt: false, KeepsPayload: true),
            SendResult.Unknown when mail.UnknownCount > 0 => Done(OutboxState.Failed, AttemptResult.Unknown, mail),
            SendResult.Unknown =>
                new(OutboxState.Unknown, AttemptResult.Unknown, now + WaitWhenUnknown, CountsAttempt: true, KeepsPayload: true),
        };

    /// <summary>Its time passed before it could be sent.</summary>
    public static MailVerdict Expired(OutboxMessage mail) =>
        new(OutboxState.Failed, AttemptResult.Expired, mail.DueAt, CountsAttempt: false, KeepsPayload: false);

    private static MailVerdict Done(OutboxState state, AttemptResult result, OutboxMessage mail, bool keepsPayload = true) =>
        new(state, result, mail.DueAt, CountsAttempt: true, keepsPayload);

    /// <summary>The last try is made when the 48 hours are over, not later.</summary>
    private static DateTimeOffset NextTry(OutboxMessage mail, DateTimeOffset now, double spread)
    {
        var minutes = BackOffMinutes[Math.Clamp(mail.Attempts - 1, 0, BackOffMinutes.Length - 1)];
        var next = now + TimeSpan.FromMinutes(minutes * (1 + (0.1 * spread)));
        var last = mail.TriedSince + GiveUpAfter;
        return next < last ? next : last;
    }
}
