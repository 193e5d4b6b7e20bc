using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>The program that asks, as its token says; <see cref="TokenActs"/> asks the database again before something changes.</summary>
/// <param name="Scopes">Words of <see cref="ApiScopes"/>.</param>
/// <param name="Network">The network (IPv4 /24, IPv6 /48).</param>
internal sealed record TokenCaller(Guid Id, string Name, IReadOnlyList<string> Scopes, string? Network)
{
    /// <summary>How the audit log names it.</summary>
    public string AuditName => ApiToken.ActorNameOf(Name);

    /// <exception cref="InvalidOperationException">The endpoint has no scope, so nobody was asked for a token.</exception>
    public static TokenCaller From(HttpContext context) => context.Features.Get<TokenCaller>()
        ?? throw new InvalidOperationException($"{context.Request.Path} asks for no token; map it with RequiresScope.");
}

/// <summary>A request that happens once, however often it is sent.</summary>
/// <param name="Key">The header <c>Idempotency-Key</c>; null: each request is one of its own.</param>
internal readonly record struct Once(string? Key);

/// <summary>Why the backoffice API refuses; the edge makes a status and a code of it.</summary>
internal enum BackofficeRefusal
{
    /// <summary>The token ended while the request was on its way.</summary>
    TokenEnded,

    /// <summary>The Idempotency-Key belongs to another request of this token.</summary>
    Mismatch,
    UnknownCustomer,
    UnknownLicense,
    UnknownProduct,

    /// <summary>A customer or license has the number already.</summary>
    NumberTaken,

    /// <summary>Another license has the key already.</summary>
    KeyTaken,

    /// <summary>The key is neither ours nor in the product's format.</summary>
    InvalidKey,

    /// <summary>Maintenance runs longer than that already.</summary>
    NotLater,

    /// <summary>The license has ended for good.</summary>
    Revoked,

    /// <summary>It makes no sense in the license's state.</summary>
    Conflict,
}

/// <summary>What a use case of the backoffice API answers.</summary>
internal readonly record struct BackofficeAnswer<T>(T? Value, BackofficeRefusal? Refused)
    where T : class
{
    public static implicit operator BackofficeAnswer<T>(T value) => new(value, null);

    public static implicit operator BackofficeAnswer<T>(BackofficeRefusal refusal) => new(null, refusal);
}
