using System.Net;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

internal enum PasswordAnswer
{
    Right,

    /// <summary>Or no such account; the two cost the same.</summary>
    Wrong,
    TooManyTries,

    /// <summary>No hash was computed, so nothing was counted either: come back in a moment.</summary>
    Busy,
}

/// <summary>
/// Whether a password is right. The limiter is asked first, and the hash is computed inside it: who has no tries left takes no slot of
/// <see cref="PasswordLimiter"/>, and who waits for a turn holds none.
/// </summary>
internal sealed class PasswordProof(
    UserManager<PortalUser> users, PasswordLimiter passwords, AttemptLimiter limiter, KnownDevice devices, MailRequests mails)
{
    private static readonly object Right = new();
    private static readonly object Busy = new();

    /// <summary>
    /// Of somebody who signs in. The page answers every failure alike; that the tries are used up, and until when, is told to the mailbox.
    /// </summary>
    /// <param name="address">As typed; whether it belongs to an account makes no difference to what is counted.</param>
    public async Task<PasswordAnswer> OfVisitorAsync(
        string address, PortalUser? user, string password, IPAddress? source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subjects = AttemptSubjects.ForPassword(users.NormalizeEmail(address) ?? "", source, user is null ? null : devices.Find(user));
        var (answer, usedUp) = await AskAsync(subjects, user, password, now, cancellationToken);
        if (MailAddresses.Normalize(address) is { } mailbox
            && usedUp.Where(u => u.Scope is not AttemptScope.PasswordPerSource).MaxBy(u => u.Until) is { } locked)
        {
            var kind = locked.Scope is AttemptScope.PasswordPerAccount ? WriteSignInLocked.Everywhere : WriteSignInLocked.Here;
            await mails.TellAsync(kind, mailbox, locked.Until, now, cancellationToken);
        }

        return answer;
    }

    /// <summary>Of somebody who is signed in: no stranger's tries count against them.</summary>
    public async Task<PasswordAnswer> OfSignedInAsync(
        PortalUser user, string password, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await AskAsync([AttemptSubjects.PasswordOfSignedIn(user.Id)], user, password, now, cancellationToken)).Answer;

    private async Task<(PasswordAnswer Answer, IReadOnlyList<UsedUpLimit> UsedUp)> AskAsync(
        IReadOnlyList<AttemptSubject> subjects, PortalUser? user, string password, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attempt = await limiter.TryAsync(
            subjects,
            () => Task.FromResult(passwords.TryVerify(user, password) switch
            {
                true => Right,
                false => null,
                null => Busy,
            }),
            now,
            cancellationToken);
        var answer = !attempt.Allowed ? PasswordAnswer.TooManyTries
            : attempt.Value is null ? PasswordAnswer.Wrong
            : attempt.Value == Busy ? PasswordAnswer.Busy
            : PasswordAnswer.Right;
        return (answer, attempt.UsedUp);
    }
}
