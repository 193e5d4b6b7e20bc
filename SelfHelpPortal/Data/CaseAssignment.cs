namespace SelfHelpPortal.Data;

/// <summary>Who of staff works on a case. It keeps nobody else out; it says to the others that somebody is at it.</summary>
internal sealed class CaseAssignment
{
    /// <summary>By then the case is over, or nobody is at it any more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>The flag, order, mail or whatever else waits on the work list.</summary>
    public required Guid Subject { get; init; }

    public required Guid UserId { get; set; }
    public required DateTimeOffset At { get; set; }
}
