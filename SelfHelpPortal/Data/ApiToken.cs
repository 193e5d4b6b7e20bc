namespace SelfHelpPortal.Data;

/// <summary>
/// Lets the vendor's shop, or another program of the vendor's, act through the backoffice API. Its secret is shown once; here is only a
/// hash of it, which nobody can turn back, because the secret is random and long.
/// </summary>
internal sealed class ApiToken
{
    public const int LongestName = 80;

    public required Guid Id { get; init; }

    /// <summary>Which program has it; stands in the history of what it does.</summary>
    public required string Name { get; init; }

    /// <summary>Words of <see cref="ApiScopes"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The beginning of the secret, by which people tell tokens apart.</summary>
    public required string Prefix { get; init; }

    /// <summary>The account.</summary>
    public required Guid CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is refused; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Up to a minute old.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The account.</summary>
    public Guid? RevokedBy { get; set; }

    public bool IsUsable(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    /// <summary>What history says of who acted.</summary>
    public Actor AsActor(string? network) => new(ActorKind.Api, Id, ActorNameOf(Name), network);

    /// <summary>How history and the audit log name a token.</summary>
    public static string ActorNameOf(string name) => $"api token {name}";
}

/// <summary>What a token may do.</summary>
internal static class ApiScopes
{
    public const string ReadCustomers = "customers:read";
    public const string WriteCustomers = "customers:write";
    public const string ReadLicenses = "licenses:read";
    public const string WriteLicenses = "licenses:write";
    public const string ReadTransfers = "transfers:read";
    public const string ReadInvoices = "invoices:read";

    public static readonly string[] All = [ReadCustomers, WriteCustomers, ReadLicenses, WriteLicenses, ReadTransfers, ReadInvoices];
}
