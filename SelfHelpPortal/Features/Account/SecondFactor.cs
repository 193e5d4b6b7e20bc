using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Account;

internal enum FactorResult
{
    Accepted,
    Wrong,
    TooManyTries,

    /// <summary>The right password was too long ago, or something about the account has changed: begin again.</summary>
    StartAgain,
}

/// <summary>
/// The second step: a code of the authenticator app, once, or a recovery code, once. Both share five tries in five minutes.
/// </summary>
internal sealed class SecondFactor(
    IDbContextFactory<PortalDbContext> contexts,
    UserManager<PortalUser> users,
    PortalSignInManager session,
    AttemptLimiter limiter,
    SignInNotifier signIns,
    AccountMails mails,
    IHttpContextAccessor accessor,
    ILogger<SignIn> log)
{
    private static readonly object Right = new();

    public Task<FactorResult> SignInByCodeAsync(string? code, DateTimeOffset now, CancellationToken cancellationToken) =>
        SignInAsync(user => AcceptCodeAsync(user, code, now, cancellationToken), now, cancellationToken);

    public Task<FactorResult> SignInByRecoveryCodeAsync(string? code, DateTimeOffset now, CancellationToken cancellationToken) =>
        SignInAsync(user => AcceptRecoveryCodeAsync(user, code, now, cancellationToken), now, cancellationToken);

    /// <summary>Whether the code is right now and was not used before; right once only.</summary>
    public async Task<FactorResult> AcceptCodeAsync(
        PortalUser user, string? code, DateTimeOffset now, CancellationToken cancellationToken) =>
        await users.GetAuthenticatorKeyAsync(user) is { } seed
            ? await AcceptCodeAsync(user, seed, code, now, cancellationToken)
            : FactorResult.Wrong;

    /// <summary>
    /// The same of somebody who has just shown the password: whoever owns the account hears of a wrong code, since somebody knows the
    /// password.
    /// </summary>
    public async Task<FactorResult> AcceptAfterPasswordAsync(
        PortalUser user, string? code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await AcceptCodeAsync(user, code, now, cancellationToken);
        if (result != FactorResult.Accepted)
        {
            await NotifyWrongCodeAsync(user, now, cancellationToken);
        }

        return result;
    }

    /// <summary>The same for a seed that the account does not have yet.</summary>
    public Task<FactorResult> AcceptCodeAsync(
        PortalUser user, string seed, string? code, DateTimeOffset now, CancellationToken cancellationToken) =>
        AttemptAsync(
            user, async () => Totp.StepOf(seed, code, now) is { } step && await TakeStepAsync(user.Id, step, cancellationToken), now,
            cancellationToken);

    private Task<FactorResult> AcceptRecoveryCodeAsync(
        PortalUser user, string? code, DateTimeOffset now, CancellationToken cancellationToken) =>
        AttemptAsync(user, async () => (await users.RedeemTwoFactorRecoveryCodeAsync(user, code ?? "")).Succeeded, now, cancellationToken);

    private async Task<FactorResult> SignInAsync(
        Func<PortalUser, Task<FactorResult>> accept, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await session.GetTwoFactorUserAsync() is not { TwoFactorEnabled: true } user)
        {
            return FactorResult.StartAgain;
        }

        var result = await accept(user);
        if (result == FactorResult.Accepted)
        {
            await session.SignInAsync(user, SignInStrength.Totp, now);
            await signIns.OnSignedInAsync(user, now, cancellationToken);
            SignIn.Succeeded(log, user.Id, "totp");
        }
        else
        {
            SignIn.Refused(log, user.Id, "second factor: " + result);
            await NotifyWrongCodeAsync(user, now, cancellationToken);
        }

        return result;
    }

    /// <summary>The password was right and the code was not. One mail says so for a while, however often it is tried.</summary>
    private async Task NotifyWrongCodeAsync(PortalUser user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await limiter.RecordFailureAsync(
            [AttemptSubjects.PerMailbox(LimitedMail.WrongSecondFactor, user.Email!)], now, cancellationToken)).Allowed)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await mails.NotifyWrongCodesAsync(
                db, user, accessor.HttpContext is { } context ? ClientAddress.Network(context) : "-", now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task<FactorResult> AttemptAsync(
        PortalUser user, Func<Task<bool>> isRight, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attempt = await limiter.TryAsync(
            [AttemptSubjects.SecondFactor(user.Id)], async () => await isRight() ? Right : null, now, cancellationToken);
        return !attempt.Allowed ? FactorResult.TooManyTries : attempt.Value is null ? FactorResult.Wrong : FactorResult.Accepted;
    }

    /// <summary>
    /// Remembers the step in the statement that accepts it, so that one code is accepted once, however many come at the same time.
    /// </summary>
    private async Task<bool> TakeStepAsync(Guid user, long step, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(u => u.Id == user && u.LastTotpStep < step)
            .ExecuteUpdateAsync(s => s.SetProperty(u => u.LastTotpStep, step), cancellationToken) == 1;
    }
}
