namespace SelfHelpPortal.Components.Kit;

/// <summary>How a bar looks, so that series can be told apart without colors too.</summary>
public enum BarLook
{
    Plain,

    /// <summary>The one that counts, filled.</summary>
    Wanted,

    /// <summary>Only an outline.</summary>
    Outlined,
}

public sealed record Bar(long Value, BarLook Look = BarLook.Plain);

/// <param name="Bars">One behind the other.</param>
/// <param name="Value">What stands behind them.</param>
public sealed record BarRow(string Label, IReadOnlyList<Bar> Bars, string Value)
{
    public long Total => Bars.Sum(bar => bar.Value);
}
