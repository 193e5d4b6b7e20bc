using System.Diagnostics;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// The code on an error page: the first half of the request's trace id. The line of the request in the log has it, and every JSON line of
/// that request begins its <c>TraceId</c> with it.
/// </summary>
internal static class TraceCode
{
    public const int Length = 12;

    public static string Of(HttpContext? context) =>
        Activity.Current?.TraceId.ToHexString()[..Length] ?? context?.TraceIdentifier ?? "";
}
