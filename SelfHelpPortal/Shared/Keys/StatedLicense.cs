using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>A field that takes the number, the serial or the key of a license.</summary>
internal static class StatedLicense
{
    /// <summary>
    /// The number or serial that was typed; null when it is none. Everything else is meant as a key, and never kept as it was typed.
    /// </summary>
    public static string? Read(string typed) => LicenseNumber.Read(typed);

    /// <summary>
    /// Digits alone are a number only where no key looks like that: whatever <see cref="KeyLookUp"/> has looked up was a key.
    /// </summary>
    public static string? Read(string typed, KeyAnswer answer) => answer is KeyAnswer.Mistyped ? LicenseNumber.ReadDigits(typed) : null;
}
