namespace SelfHelpPortal.Licensing.Codes;

/// <summary>How two hardware codes compare.</summary>
/// <param name="Matches">They are taken for one computer.</param>
/// <param name="HalfPoints">What the equal components weigh, in halves of a point.</param>
/// <param name="Drift">The same computer with something changed: worth storing the new code.</param>
public readonly record struct HardwareMatch(bool Matches, int HalfPoints, bool Drift);
