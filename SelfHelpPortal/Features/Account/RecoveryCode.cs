using System.Security.Cryptography;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// Ten codes on paper for the day the telephone is lost; each opens once. 80 random bits: <c>9F4K-… </c>, four groups of four.
/// </summary>
internal static class RecoveryCode
{
    public const int Count = 10;
    private const int Groups = 4;
    private const int GroupLength = 4;

    /// <summary>As it is compared: what people leave out, add or confuse does not matter.</summary>
    public static string Normalize(string typed) => CodeAlphabet.Normalize(typed);

    public static string New() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(CodeAlphabet.Symbols, GroupLength)));
}
