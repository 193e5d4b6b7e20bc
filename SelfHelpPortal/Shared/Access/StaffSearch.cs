using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// The address of the search over everything, which header and page share. It may hold what somebody typed or pasted, but of an activation
/// key only its end.
/// </summary>
internal static class StaffSearch
{
    public const string Path = "/staff/search";

    private const int LongestTerm = 100;
    private const int LastFiveLength = 5;

    public static string AddressFor(string? typed) =>
        Clean(typed) is { Length: > 0 } term ? $"{Path}?q={Uri.EscapeDataString(term)}" : Path;

    /// <summary>What is looked for: of a pasted mail the code or number that it is about.</summary>
    public static string Clean(string? typed)
    {
        var text = (typed ?? "").Trim();
        if (text.Length > CodeFinder.MaxText)
        {
            text = text[..CodeFinder.MaxText];
        }

        // A key with a mistake in it is still nearly a key.
        if (CodeFinder.Find(text, CodeKind.ActivationKey) is { } key)
        {
            return key[^LastFiveLength..];
        }

        if (HardwareCode.TryParse(text, out var hardware, out _))
        {
            return hardware.ToString();
        }

        var line = UntrustedText.OneLine(text);
        return line.Length > LongestTerm && NumberIn(text) is { } number ? number : UntrustedText.Shorten(line, LongestTerm).Trim();
    }

    private static string? NumberIn(string mail) =>
        RequestReference.TryParse(mail, out var reference) ? reference.ToString()
        : mail.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(LicenseNumber.Read).FirstOrDefault(n => n is not null);
}
