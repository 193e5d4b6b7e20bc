namespace SelfHelpPortal.Data;

/// <summary>
/// What somebody of staff is typing and has not sent yet. It outlives the dialog, the circuit and the portal, and goes when it was sent.
/// </summary>
internal sealed class TypedText
{
    public const int LongestPlace = 200;
    public const int Longest = 2000;

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public required Guid UserId { get; init; }

    /// <summary>The page, the act and what of the page it is about.</summary>
    public required string Place { get; init; }

    public required string Text { get; set; }
    public required DateTimeOffset At { get; set; }
}
