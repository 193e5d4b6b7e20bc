using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>A license as it was typed into a field that takes its number, its serial or its key.</summary>
/// <param name="Number">Number or serial, which proves nothing; null when the key was shown.</param>
/// <param name="LicenseId">Whose key was typed.</param>
/// <param name="Wrong">Why it is none of them.</param>
internal readonly record struct StatedLicense(string? Number, Guid? LicenseId, KeyAnswer? Wrong)
{
    /// <summary>
    /// The number or serial that was typed; null when it is none. Everything else is meant as a key, and never kept as it was typed.
    /// </summary>
    public static string? Read(string typed) => LicenseNumber.Read(typed);

    /// <summary>Looks a key up, within the limits of <see cref="KeyLookUp"/>; whether a number belongs to a license is not asked.</summary>
    public static async Task<StatedLicense> ReadAsync(
        string typed, KeyLookUp keys, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Read(typed) is { } number)
        {
            return new(number, null, null);
        }

        var answer = await keys.FindAsync(typed, caller, now, cancellationToken);

        // Digits alone are a number only where no key looks like that: whatever was looked up was a key.
        return answer is KeyAnswer.Found found ? new(null, found.LicenseId, null)
            : answer is KeyAnswer.Mistyped && LicenseNumber.ReadDigits(typed) is { } digits ? new(digits, null, null)
            : new(null, null, answer);
    }
}
