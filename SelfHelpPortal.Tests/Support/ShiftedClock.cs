namespace SelfHelpPortal.Tests.Support;

/// <summary>The clock of a machine on which it is wrong.</summary>
internal sealed class ShiftedClock(int minutes) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMinutes(minutes);
}
