namespace SelfHelpPortal.Shared.Keys;

/// <summary>A field that takes the number, the serial or the key of a license.</summary>
internal static class StatedLicense
{
    private const int Longest = 14;

    /// <summary>Numbers begin with L-, serials with S-; everything else is meant as a key, and never kept as it was typed.</summary>
    public static bool IsNumber(string license) =>
        license.Length <= Longest
        && (license.StartsWith("L-", StringComparison.OrdinalIgnoreCase) || license.StartsWith("S-", StringComparison.OrdinalIgnoreCase));
}
