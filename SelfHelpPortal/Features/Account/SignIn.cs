using System.Net;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

internal enum SignInResult
{
    /// <summary>The password was right; the authenticator's code is asked next.</summary>
    NeedsCode,

    /// <summary>Signed in by the password alone: all there is for most customers, and nothing of the staff area.</summary>
    SignedIn,

    /// <summary>Unknown address, wrong password, too many tries, disabled: one answer for all of them.</summary>
    Refused,

    /// <summary>Too many hashes are being computed; try again shortly.</summary>
    Busy,
}

/// <summary>The first step of signing in: address and password.</summary>
internal sealed partial class SignIn(
    UserManager<PortalUser> users, PortalSignInManager session, PasswordProof proof, KnownDevice devices, ILogger<SignIn> log)
{
    public async Task<SignInResult> ExecuteAsync(
        string address, string password, IPAddress? source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var user = address.Length <= 254 ? await users.FindByEmailAsync(address) : null;
        var answer = await proof.OfVisitorAsync(address, user, password, source, now, cancellationToken);
        if (answer == PasswordAnswer.Busy)
        {
            return SignInResult.Busy;
        }

        if (answer != PasswordAnswer.Right || user is null || user.LockoutEnd > now)
        {
            Refused(log, user?.Id, answer == PasswordAnswer.TooManyTries ? "budget" : "wrong");
            return SignInResult.Refused;
        }

        if (user.TwoFactorEnabled)
        {
            await session.BeginTwoFactorAsync(user);
            return SignInResult.NeedsCode;
        }

        await session.SignInAsync(user, SignInStrength.Password, now);
        if (!(await users.GetRolesAsync(user)).Any(StaffRoles.All.Contains))
        {
            devices.Remember(user);
        }

        Succeeded(log, user.Id, "password");
        return SignInResult.SignedIn;
    }

    [LoggerMessage(1101, LogLevel.Information, "Signed in: {User} by {Strength}")]
    internal static partial void Succeeded(ILogger log, Guid user, string strength);

    [LoggerMessage(1102, LogLevel.Warning, "Sign-in refused: {User}, {Reason}")]
    internal static partial void Refused(ILogger log, Guid? user, string reason);
}
