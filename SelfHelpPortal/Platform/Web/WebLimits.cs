using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SelfHelpPortal.Platform.Web;

/// <summary>How much a stranger may send. Start values.</summary>
internal static class WebLimits
{
    public const long BodyBytes = 1024 * 1024;
    public const int FormKeys = 200;
    public const int FormKeyLength = 200;
    public const int FormValueLength = 256 * 1024;
    public const int FormPartHeaders = 16;
    public const int FormPartHeadersLength = 4096;

    /// <summary>A form with a file that is too large is still read up to here, so that what was typed beside it is not lost.</summary>
    public const long OversizedFormBytes = 64 * 1024 * 1024;

    public const int StaffSockets = 500;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytes;
        kestrel.Limits.MaxConcurrentUpgradedConnections = StaffSockets;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
    }

    public static void Apply(FormOptions form)
    {
        form.ValueCountLimit = FormKeys;
        form.KeyLengthLimit = FormKeyLength;
        form.ValueLengthLimit = FormValueLength;
        form.MultipartBodyLengthLimit = BodyBytes;
        form.MultipartHeadersCountLimit = FormPartHeaders;
        form.MultipartHeadersLengthLimit = FormPartHeadersLength;
    }
}
