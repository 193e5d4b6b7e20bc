namespace SelfHelpPortal.Platform.Web;

/// <summary>Which paths are interactive. The document, the content security policy and the gate of the circuits ask here.</summary>
internal static class StaffArea
{
    /// <summary>Where Development shows the mails that it wrote instead of sending them.</summary>
    public const string DevMailRoot = "/dev/mail";

    public static bool Contains(PathString path) => path.StartsWithSegments("/staff", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the interactive pages' connection arrives; only the staff area has such pages.</summary>
    public static bool IsCircuit(PathString path) => path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);

    /// <summary>Mails carry their styles in attributes, which only the policy of the staff area lets pass.</summary>
    public static bool HasInlineStyles(PathString path) =>
        Contains(path) || path.StartsWithSegments(DevMailRoot, StringComparison.OrdinalIgnoreCase);
}
