using System.Net;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Limits;
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
internal sealed class PasswordProof(UserManager<PortalUser> users, PasswordLimiter passwords, AttemptLimiter limiter, KnownDevice devices)
{
    private static readonly object Right = new();
    private static readonly object Busy = new();

    /// <summary>Of somebody who signs in.</summary>
    /// <param name="address">As typed; whether it belongs to an account makes no difference to what is counted.</param>
    public Task<PasswordAnswer> OfVisitorAsync(
        string address, PortalUser? user, string password, IPAddress? source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subjects = AttemptSubjects.ForPassword(users.NormalizeEmail(address) ?? "", source, user is null ? null : devices.Find(user));
        return AskAsync(subjects, user, password, now, cancellationToken);
    }

    /// <summary>Of somebody who is signed in: no stranger's tries count against them.</summary>
    public Task<PasswordAnswer> OfSignedInAsync(
        PortalUser user, string password, DateTimeOffset now, CancellationToken cancellationToken) =>
        AskAsync([AttemptSubjects.PasswordOfSignedIn(user.Id)], user, password, now, cancellationToken);

    private async Task<PasswordAnswer> AskAsync(
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
        return !attempt.Allowed ? PasswordAnswer.TooManyTries
            : attempt.Value is null ? PasswordAnswer.Wrong
            : attempt.Value == Busy ? PasswordAnswer.Busy
            : PasswordAnswer.Right;
    }
}
