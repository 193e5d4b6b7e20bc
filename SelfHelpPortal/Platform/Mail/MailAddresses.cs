using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Platform.Mail;

/// <summary>What counts as an address: one mailbox, ASCII before the @, a domain that exists as letters, at most 254 characters.</summary>
internal static class MailAddresses
{
    private const int LongestAddress = 254;

    /// <summary>
    /// The address as it is stored and written to (domain in its ASCII form), or null. However it is spelled, there is one result; only the
    /// capitals before the @ stay, and whoever compares leaves them out.
    /// </summary>
    public static string? Normalize(string? text)
    {
        var trimmed = Bare(text);
        if (string.IsNullOrEmpty(trimmed) || trimmed.Length > LongestAddress || trimmed.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return null;
        }

        var at = trimmed.LastIndexOf('@');
        if (at < 1 || at > 64)
        {
            return null;
        }

        var local = trimmed[..at];
        var isPlain = local.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal))
            && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);
        if (!isPlain)
        {
            return null;
        }

        string domain;
        try
        {
            domain = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(trimmed[(at + 1)..]).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }

        var address = $"{local}@{domain}";
        return domain.Contains('.', StringComparison.Ordinal) && domain[^1] != '.' && address.Length <= LongestAddress ? address : null;
    }

    /// <summary>In one Unicode form, without what cannot be seen and without blanks around it.</summary>
    private static string? Bare(string? text)
    {
        try
        {
            return text is null ? null : string.Concat(
                text.Normalize(NormalizationForm.FormKC).Where(c => char.GetUnicodeCategory(c) is not UnicodeCategory.Format)).Trim();
        }
        catch (ArgumentException)
        {
            // Half a character is no text.
            return null;
        }
    }

    /// <returns>The key of the words that say why <see cref="Normalize"/> takes it for no address.</returns>
    public static string WordOfProblem(string? text) =>
        text?.LastIndexOf('@') is { } at and > 0 && text[..at].Any(c => char.IsLetter(c) && !char.IsAscii(c))
            ? "EmailNotAscii"
            : "EnterEmail";

    /// <summary>Under which a mailbox's standing is kept.</summary>
    public static byte[] Hash(string address) => SHA256.HashData(Encoding.UTF8.GetBytes(address.ToLowerInvariant()));

    /// <summary>Tells the recipients of one staff mail apart in its business key, without the address in it.</summary>
    public static string Tag(string address) => Convert.ToHexStringLower(Hash(address), 0, 6);

    /// <summary><c>k•••@example.org</c>, for logs and pages.</summary>
    public static string Mask(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 ? "•••" : $"{address[0]}•••{address[at..]}";
    }
}
