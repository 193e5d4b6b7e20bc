namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// Numbers in names of accounts and products. A dump of an earlier run has other ones, so that its database can be walked again.
/// </summary>
internal static class Serial
{
    /// <summary>Minutes since the beginning of 2026.</summary>
    public static int Start { get; } =
        (int)(TimeProvider.System.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes;
}
