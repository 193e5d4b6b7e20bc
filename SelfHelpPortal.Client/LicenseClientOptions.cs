using System.Globalization;

namespace SelfHelpPortal.Client;

/// <summary>What a <see cref="LicenseClient"/> has to know; the first four have no default.</summary>
public sealed record LicenseClientOptions
{
    /// <summary>The portal's public address. Must be https, except on the same computer.</summary>
    public required Uri Portal { get; init; }

    /// <summary>Id of the product as the portal knows it.</summary>
    public required string Product { get; init; }

    /// <summary>
    /// The text of the portal's <c>/.well-known/jwks.json </c>, built into the program. Licenses and answers signed with any other key are
    /// refused, but for those that a key known here has introduced since, which is learned at check-in. Take a fresh copy with each
    /// release.
    /// </summary>
    public required string VerificationKeys { get; init; }

    /// <summary>
    /// The one file that keeps the license, for example in the user's local application data. Its folder is made if it is missing.
    /// </summary>
    public required string StateFile { get; init; }

    /// <summary>Version of the licensed program, at most 50 characters.</summary>
    public string AppVersion { get; init; } = "";

    /// <summary>How the owner knows this computer, at most 100 characters.</summary>
    public string PcName { get; init; } = Environment.MachineName;

    /// <summary>German or English: the language of the portal's sentences, of the saved file and of the mail text.</summary>
    public CultureInfo Language { get; init; } = CultureInfo.CurrentUICulture;

    /// <summary>
    /// False for programs that are never online: a license goes on without check-ins, and <see cref="LicenseClient.ImportBlocklist"/> is
    /// how it ends early.
    /// </summary>
    public bool CheckInsRequired { get; init; } = true;

    /// <summary>For proxies and the like; the client disposes it. Null = the system's settings.</summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>How long an answer of the portal is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Components (kinds of <see cref="Licensing.Codes.HardwareComponents"/> with values) instead of those read from this computer.
    /// </summary>
    public Func<IEnumerable<KeyValuePair<string, string>>>? Hardware { get; init; }

    /// <summary>The time; null = the system's clock.</summary>
    public Func<DateTimeOffset>? Clock { get; init; }

    /// <summary>Told before and after each step that a crash could separate from the next; for tests.</summary>
    internal Action<string>? Step { get; init; }
}
