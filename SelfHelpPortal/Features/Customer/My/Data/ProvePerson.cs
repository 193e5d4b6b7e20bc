using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Guessing;

namespace SelfHelpPortal.Features.Customer.My.Data;

internal enum Proof
{
    Given,
    PasswordMissing,
    PasswordWrong,

    /// <summary>The account has no password: the person signs in again.</summary>
    SignInAgain,

    /// <summary>Too many hashes are being computed; try again shortly.</summary>
    Busy,
}

/// <summary>Before what cannot be undone: a sign-in of the last minutes, or the password.</summary>
internal sealed class ProvePerson(IDbContextFactory<PortalDbContext> contexts, PasswordLimiter passwords, GuessBudget budget)
{
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(10);
    private static readonly object Right = new();

    public static bool IsRecent(CustomerActor actor, DateTimeOffset now) => now - actor.AuthenticatedAt < Recently;

    public async Task<Proof> CheckAsync(CustomerActor actor, string? password, IPAddress? source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (IsRecent(actor, now))
        {
            return Proof.Given;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == actor.Id, cancellationToken) is not { PasswordHash: not null } user)
        {
            return Proof.SignInAgain;
        }

        if (string.IsNullOrEmpty(password))
        {
            return Proof.PasswordMissing;
        }

        using var slot = passwords.TryEnter();
        if (slot is null)
        {
            return Proof.Busy;
        }

        var subjects = GuessSubjects.ForPassword(user.NormalizedEmail ?? "", source, device: null);
        var guess = await budget.TryAsync(subjects, () => Task.FromResult(passwords.Verify(user, password) ? Right : null), now, cancellationToken);
        return guess.Value is null ? Proof.PasswordWrong : Proof.Given;
    }
}
