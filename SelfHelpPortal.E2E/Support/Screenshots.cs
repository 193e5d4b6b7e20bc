namespace SelfHelpPortal.E2E.Support;

internal static class Screenshots
{
    /// <summary>Where <c>./test.sh --screens</c> wants pictures of the pages, or null.</summary>
    public static readonly string? Folder = Environment.GetEnvironmentVariable("SELFHELP_SCREENS");
}
