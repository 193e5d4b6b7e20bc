using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Common;

/// <summary>Opens the page that releases a license for somebody who has shown its key on another page already, so that it is not asked for twice.</summary>
internal sealed record OpenRelease(Func<Guid, DateTimeOffset, CancellationToken, Task<string>> OpenAsync)
{
    /// <summary>Carries the address of the activation that waits for the release.</summary>
    public const string ThenActivate = "activate";

    public static string PathOf(string release, string? activation) =>
        SecretLinks.IsToken(activation) ? $"/release/{release}?{ThenActivate}={activation}" : $"/release/{release}";

    /// <summary>Null when nothing waits, or what came is no token of ours.</summary>
    public static string? ActivationPath(string? activation) => SecretLinks.IsToken(activation) ? $"/activate/{activation}" : null;
}
