using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Account.Registrations;

/// <summary>
/// Takes the wish for an account. A wrong key is told as everywhere, before any mail is asked for; everything else is found out after the
/// answer.
/// </summary>
internal sealed class RequestAccount(KeyLookUp keys, MailRequests mails)
{
    /// <param name="address">Normalized.</param>
    /// <param name="key">As typed; blank for none.</param>
    /// <returns>What is wrong with the key, or null: the mail is on its way, if there is one.</returns>
    public async Task<KeyAnswer?> ExecuteAsync(
        string address, string? key, Caller caller, MailRequester asker, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Guid? license = null;
        if (!string.IsNullOrWhiteSpace(key))
        {
            var answer = await keys.FindAsync(key, caller, now, cancellationToken);
            if (answer is not KeyAnswer.Found found)
            {
                return answer;
            }

            license = found.LicenseId;
        }

        await mails.AskAsync(AccountRequestWriter.Kind, address, license, asker, now, cancellationToken);
        return null;
    }

    /// <summary>What is wrong with the key before any look-up.</summary>
    public Task<Licensing.Codes.CodeProblem?> MistypedAsync(string? key, CancellationToken cancellationToken) =>
        keys.MistypedAsync(key, cancellationToken);
}
