namespace SelfHelpPortal.Platform.Web;

internal static class PcNames
{
    /// <summary>The first two and the last character: its owner knows the computer, a stranger learns no name.</summary>
    public static string Masked(string? name) => name?.Trim() switch
    {
        null or "" => "–",
        { Length: <= 3 } brief => brief[..1] + "…",
        var full => $"{full[..2]}…{full[^1]}",
    };
}
