using System.Net;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Platform.Guessing;

namespace SelfHelpPortal.Account;

/// <summary>Whether a password is that of somebody who is signed in, within the budget of a sign-in. The caller holds a slot of <see cref="PasswordLimiter"/>.</summary>
internal sealed class PasswordProof(UserManager<PortalUser> users, PasswordLimiter passwords, GuessBudget budget, KnownDevice devices)
{
    private static readonly object Right = new();

    public async Task<bool> CheckAsync(PortalUser user, string password, IPAddress? source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subjects = GuessSubjects.ForPassword(users.NormalizeEmail(user.Email) ?? "", source, devices.Of(user));
        var guess = await budget.TryAsync(subjects, () => Task.FromResult(passwords.Verify(user, password) ? Right : null), now, cancellationToken);
        return guess.Value is not null;
    }
}
