namespace SelfHelpPortal.Platform.Web;

/// <summary>Which paths are interactive. The document, the content security policy and the gate of the circuits ask here.</summary>
internal static class StaffArea
{
    public static bool Contains(PathString path) => path.StartsWithSegments("/staff", StringComparison.OrdinalIgnoreCase);
}
