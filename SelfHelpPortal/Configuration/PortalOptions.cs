namespace SelfHelpPortal.Configuration;

/// <summary>Keys that stand at the top of the configuration.</summary>
internal sealed class PortalOptions
{
    /// <summary>
    /// The address that links, QR codes and mails carry; the Host header is never trusted. Read it through <see cref="PublicAddress"/>.
    /// </summary>
    public string? PublicUrl { get; set; }
}

internal sealed class WebOptions
{
    /// <summary>Whether browsers ask the names below the portal's by https only, too.</summary>
    public bool HstsIncludeSubDomains { get; set; } = true;

    /// <summary>For how long requests are still answered after the word to stop, while <c>/healthz/ready</c> says no.</summary>
    public int StopDelaySeconds { get; set; }
}

internal sealed class ConnectionOptions
{
    /// <summary>PostgreSQL, read through <see cref="ConnectionText"/>. Empty in Development: the private local cluster.</summary>
    public string? Portal { get; set; }

    public string? PortalFile { get; set; }

    /// <summary>The role that owns the schema, for <c>migrate</c>; empty: as <see cref="Portal"/>.</summary>
    public string? Migration { get; set; }

    public string? MigrationFile { get; set; }
}

internal sealed class DatabaseOptions
{
    /// <summary>Null: true in Development, else false.</summary>
    public bool? MigrateOnStart { get; set; }
}

internal sealed class SecretsOptions
{
    /// <summary>Pepper, signing keys and the Data Protection certificate; after the start an absolute path.</summary>
    public string Directory { get; set; } = "";
}

internal sealed class ProxyOptions
{
    /// <summary>Networks (<c>10.0.0.0/8</c>) whose forwarded headers count.</summary>
    public IList<string> KnownNetworks { get; } = [];
}

internal sealed class HistoryOptions
{
    /// <summary>
    /// Where the heads of the history are written, best on another machine; after the start an absolute path. Empty: they are not.
    /// </summary>
    public string HeadsDirectory { get; set; } = "";
}
