namespace SelfHelpPortal.Shared.Keys;

/// <summary>What came of the wish to begin a page that keeps what is typed and has an address of its own.</summary>
/// <param name="Page">What leads to it, a token or a path; null when too many were begun.</param>
/// <param name="RetryAt">With no page: when one may be begun again.</param>
internal sealed record Begun(string? Page, DateTimeOffset RetryAt = default)
{
    public static Begun TooMany(DateTimeOffset retryAt) => new(null, retryAt);
}
