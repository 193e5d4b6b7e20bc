using System.Diagnostics.CodeAnalysis;

namespace SelfHelpPortal.Licensing;

/// <summary>The result of an act: its value, or the reason why it was refused. Refusals are expected, so they are no exceptions.</summary>
public readonly struct Outcome<T>
{
    private readonly RefusalDetail? _refused;

    private Outcome(T? value, RefusalDetail? refused)
    {
        Value = value;
        _refused = refused;
    }

    public T? Value { get; }

    /// <summary>Why the act was refused; meaningful only when it was.</summary>
    public RefusalDetail Refused => _refused ?? throw new InvalidOperationException("The act was not refused.");

    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => _refused is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, new RefusalDetail(refusal));

    public static implicit operator Outcome<T>(RefusalDetail refused) => new(default, refused);
}
