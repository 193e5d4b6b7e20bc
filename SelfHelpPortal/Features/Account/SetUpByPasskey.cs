using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// From a one-time link to an account that works, by a passkey alone: it is both factors. There are no recovery codes then; a lost passkey
/// takes a new link.
/// </summary>
internal sealed class SetUpByPasskey(
    PortalDbContext db, SetUpAccount setUp, Passkeys passkeys, PortalSignInManager session, KnownDevice devices)
{
    public const string NotMade = "PasskeyNotMade";

    /// <param name="culture">The language in which the page is read: mails to this person will be in it.</param>
    public async Task<SetUpResult> ExecuteAsync(
        string token, PasskeyAnswer answer, string name, string culture, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (link, user, view) = await setUp.FindAsync(token, now, cancellationToken);
        if (link is null || user is null || view.Step != SetUpStep.Password)
        {
            return SetUpResult.From(view);
        }

        user.Culture = culture;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            return SetUpResult.From(new SetUpView(SetUpStep.InvalidLink));
        }

        if (await passkeys.AddAsync(user, answer, name, cancellationToken) != PasskeyAdded.Done)
        {
            return SetUpResult.Refused(view, NotMade);
        }

        await transaction.CommitAsync(cancellationToken);
        await session.SignInAsync(user, SignInStrength.Passkey, now);
        devices.Remember(user);
        return SetUpResult.From(new SetUpView(SetUpStep.Done, user.Email));
    }
}
