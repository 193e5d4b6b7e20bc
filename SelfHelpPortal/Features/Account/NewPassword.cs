using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// Sets a password in two steps: judged outside the transaction, since the rules read the products on a connection of their own, and set in
/// it.
/// </summary>
internal static class NewPassword
{
    /// <returns>Keys of the page's texts; none when it may be set.</returns>
    public static async Task<string[]> PasswordProblemsAsync(this UserManager<PortalUser> users, PortalUser user, string wanted)
    {
        var problems = new List<string>();
        foreach (var rules in users.PasswordValidators)
        {
            problems.AddRange((await rules.ValidateAsync(users, user, wanted)).Errors.Select(e => e.Code));
        }

        return [.. problems.Distinct()];
    }

    /// <summary>Where nothing that a person typed can be the reason: somebody has changed the account meanwhile.</summary>
    public static void ThrowIfRefused(this IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"The account could not be saved: {result.Errors.First().Code}.");
        }
    }
}
