using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>
/// Opens the page that releases a license for somebody who has shown its key on another page already, so that it is not asked for twice.
/// </summary>
internal sealed record OpenRelease(Func<Guid, AttemptSubject, DateTimeOffset, CancellationToken, Task<Begun>> OpenAsync)
{
    /// <summary>Carries the address of the activation that waits for the release.</summary>
    public const string ThenActivate = "activate";

    public static string PathOf(string release, string? activation) =>
        SecretLinks.IsToken(activation) ? $"/release/{release}?{ThenActivate}={activation}" : $"/release/{release}";

    /// <inheritdoc cref="PathOf(string, string?)"/>
    public static Begun PathOf(Begun release, string? activation) =>
        release.Page is { } token ? new Begun(PathOf(token, activation)) : release;

    /// <summary>Null when nothing waits, or what came is no token of ours.</summary>
    public static string? ActivationPath(string? activation) => SecretLinks.IsToken(activation) ? $"/activate/{activation}" : null;
}
