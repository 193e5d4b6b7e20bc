namespace SelfHelpPortal.E2E.Support;

/// <summary>The clock of the machine, moved: so that days can pass for the portal and the programs that talk to it.</summary>
internal sealed class MovedClock : TimeProvider
{
    private long _ticks;

    /// <summary>Ahead of the machine; behind it, if negative.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
