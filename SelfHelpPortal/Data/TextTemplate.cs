namespace SelfHelpPortal.Data;

/// <summary>A text that staff write again and again in the dialogs of their acts.</summary>
internal sealed class TextTemplate
{
    public const int LongestWord = 40;

    /// <summary>Of one person; more than can be looked through in a dialog.</summary>
    public const int Most = 50;

    public required Guid Id { get; init; }

    /// <summary>Who has written it.</summary>
    public required Guid UserId { get; init; }

    /// <summary>For all of staff, and not for its author alone.</summary>
    public required bool IsShared { get; init; }

    /// <summary>What the dialog asks for: a reason for colleagues is no question to a customer.</summary>
    public required string Word { get; init; }

    public required string Text { get; init; }
    public required DateTimeOffset At { get; init; }
}
