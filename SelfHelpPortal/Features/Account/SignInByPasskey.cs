using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Features.Account;

/// <summary>Signs in by a passkey alone: it is both factors. Wrong passwords of strangers do not hold it up.</summary>
internal sealed class SignInByPasskey(Passkeys passkeys, PortalSignInManager session, SignInNotifier signIns, ILogger<SignIn> log)
{
    /// <summary>False, for whatever reason, without saying which.</summary>
    public async Task<bool> ExecuteAsync(PasskeyAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await passkeys.ProveAsync(answer, now, cancellationToken) is not { } user)
        {
            SignIn.Refused(log, null, "passkey");
            return false;
        }

        await session.SignInAsync(user, SignInStrength.Passkey, now);
        await signIns.OnSignedInAsync(user, now, cancellationToken);
        SignIn.Succeeded(log, user.Id, "passkey");
        return true;
    }
}
