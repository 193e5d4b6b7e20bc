using System.Diagnostics.CodeAnalysis;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>Why a signed text was refused. Whatever the reason, nothing of its content may be believed.</summary>
public enum FileFault
{
    /// <summary>Not in the form of a signed file: cut off, framed wrongly, or not in its one canonical encoding.</summary>
    Malformed,

    /// <summary>The key's name is not in the verifier's record: never published, or revoked.</summary>
    UnknownKey,

    /// <summary>Signed with a key that is for something else.</summary>
    ForeignKey,

    /// <summary>The header names another algorithm than the verifier's record of the key.</summary>
    WrongAlgorithm,

    /// <summary>The header's <c>typ</c> is another one.</summary>
    WrongType,

    /// <summary>The signature does not fit the text.</summary>
    BadSignature,

    /// <summary>Properly signed, but the claims are incomplete, repeated or impossible.</summary>
    BadClaims,
}

/// <summary>The claims of a genuine signed text, or the reason why it was refused.</summary>
public readonly record struct Verified<T>
    where T : class
{
    private Verified(T? claims, FileFault fault) => (Claims, Fault) = (claims, fault);

    public T? Claims { get; }

    /// <summary>The reason; means something only if the text is not genuine.</summary>
    public FileFault Fault { get; }

    [MemberNotNullWhen(true, nameof(Claims))]
    public bool IsGenuine => Claims is not null;

    public static implicit operator Verified<T>(T claims) => new(claims, default);

    public static implicit operator Verified<T>(FileFault fault) => new(null, fault);
}
