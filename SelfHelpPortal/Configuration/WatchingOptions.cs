namespace SelfHelpPortal.Configuration;

internal enum LogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For people who read along.</summary>
    Text,
}

internal enum OtlpProtocol
{
    HttpProtobuf,
    Grpc,
}

/// <summary>Section <c>Watching</c>: who may look at how the portal is doing, and where it tells of it.</summary>
internal sealed class WatchingOptions
{
    public const string Section = "Watching";

    private const int ShortestToken = 20;

    /// <summary>With it, <c>/metrics</c> and the parts of <c>/healthz/ready</c> are read from elsewhere than the portal's own
    /// machine.</summary>
    public string Token { get; set; } = "";

    public string TokenFile { get; set; } = "";

    /// <summary>Null: text in Development, else JSON.</summary>
    public LogFormat? LogFormat { get; set; }

    public OtlpOptions Otlp { get; } = new();

    public IEnumerable<string> Validate()
    {
        if (Token.Length > 0 && (Token.Length < ShortestToken || Token.Any(c => c is <= ' ' or > '~')))
        {
            yield return $"Watching:Token is too short or has a space; it has at least {ShortestToken} letters and digits "
                + $"(openssl rand -hex 20).";
        }

        if (Otlp.Endpoint.Length > 0
            && !(Uri.TryCreate(Otlp.Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return $"Watching:Otlp:Endpoint is '{Otlp.Endpoint}'; it is the address of a collector, such as http://127.0.0.1:4318.";
        }

        if (Otlp.TraceShare is < 0 or > 1)
        {
            yield return "Watching:Otlp:TraceShare is 0 to 1.";
        }
    }
}

/// <summary>A collector of OpenTelemetry that is told of metrics and traces. Without an address nobody is.</summary>
internal sealed class OtlpOptions
{
    public string Endpoint { get; set; } = "";

    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.HttpProtobuf;

    /// <summary><c>name=value</c>, separated by commas; what the collector wants to know its clients by.</summary>
    public string Headers { get; set; } = "";

    /// <summary>Of the requests, which share is traced; 1 is all.</summary>
    public double TraceShare { get; set; } = 0.05;
}
