using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// Long instead of complicated (ASVS 6.2): 12 to 128 characters, no character classes, and none of the words that are tried first.
/// The codes of the errors are keys of the pages' texts.
/// </summary>
internal sealed partial class PasswordRules(IDbContextFactory<PortalDbContext> contexts, IOptions<VendorOptions> vendor)
    : IPasswordValidator<PortalUser>
{
    public const int Shortest = 12;
    public const int Longest = 128;
    private const int ShortestWord = 4;

    public const string TooShort = "PasswordTooShort";
    public const string TooLong = "PasswordTooLong";
    public const string TooCommon = "PasswordTooCommon";
    public const string HasOurWords = "PasswordHasOurWords";

    private static readonly FrozenSet<string> Common = Load();

    public async Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password)
    {
        var problem = Validate(password ?? "", [.. await WordsAsync(user)]);
        return problem is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = problem });
    }

    /// <summary>What stands against the password, or null.</summary>
    /// <param name="words">Words an attacker knows: of the portal, its products and the address.</param>
    internal static string? Validate(string password, IReadOnlyCollection<string> words)
    {
        if (password.Length is < Shortest or > Longest)
        {
            return password.Length < Shortest ? TooShort : TooLong;
        }

        return IsCommon(password.ToLowerInvariant()) || IsSequence(password) ? TooCommon
            : words.Any(word => Unmasked(password).Contains(Unmasked(word), StringComparison.Ordinal)) ? HasOurWords
            : null;
    }

    /// <summary>The word itself, masked or not, or with what people hang on to make it long enough: <c>P@ssw0rd2026!!</c>.</summary>
    private static bool IsCommon(string password)
    {
        var core = Affixes().Replace(password, "");
        return Common.Contains(password) || Common.Contains(Unmasked(password)) || Common.Contains(core) || Common.Contains(Unmasked(core));
    }

    /// <summary>One character or one short block again and again, or neighbors of the alphabet.</summary>
    private static bool IsSequence(string password)
    {
        if (password.Distinct().Count() < 4)
        {
            return true;
        }

        var steps = password.Zip(password.Skip(1), (a, b) => b - a).ToArray();
        return Array.TrueForAll(steps, s => s == 1) || Array.TrueForAll(steps, s => s == -1);
    }

    private static string Unmasked(string text) => string.Concat(text.ToLowerInvariant().Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    }));

    private async Task<IEnumerable<string>> WordsAsync(PortalUser user)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var products = await db.Products.Select(p => new { p.Id, p.Name }).ToListAsync();
        string?[] ours = [user.Email, vendor.Value.Name, vendor.Value.PortalName, "Lizenz-Selbsthilfe", "License self-help",
            .. products.SelectMany(p => (string[])[p.Id, p.Name])];
        return ours.OfType<string>().SelectMany(text => NoLetter().Split(text.ToLowerInvariant()))
            .Where(word => word.Length >= ShortestWord && !IsCommonWord(word)).Distinct();
    }

    /// <summary>Parts of addresses and names that say nothing.</summary>
    private static bool IsCommonWord(string word) => word is "gmbh" or "test" or "info" or "mail" or "self" or "help";

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("SelfHelpPortal.Features.Account.CommonPasswords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }

    [GeneratedRegex(@"^[\d\W_]+|[\d\W_]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Affixes();

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.NonBacktracking)]
    private static partial Regex NoLetter();
}
