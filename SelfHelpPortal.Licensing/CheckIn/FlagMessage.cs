namespace SelfHelpPortal.Licensing.CheckIn;

/// <summary>What a customer says has happened.</summary>
public enum FlagExplanation
{
    OldPcBack,
    RestoredImage,
    OnlyBooted,
    BoughtSecond,
    Other,
}

/// <summary>A question of staff about a case, or the customer's answer.</summary>
public sealed class FlagMessage
{
    public const int Longest = 2000;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid FlagId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Of an answer; null = staff ask.</summary>
    public required FlagExplanation? Explanation { get; init; }

    public required string? Text { get; init; }

    public bool IsAnswer => Explanation is not null;
}

/// <param name="IsRepetition">The same was said last; nothing was changed now.</param>
public readonly record struct FlagAnswered(FlagMessage Message, bool IsRepetition);
