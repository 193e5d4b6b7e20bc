namespace SelfHelpPortal.Licensing.Codes;

/// <summary>How two hardware codes compare.</summary>
/// <param name="Matches">They are taken for one computer.</param>
/// <param name="Equal">Components equal in both.</param>
/// <param name="Compared">Components present in both.</param>
public readonly record struct HardwareMatch(bool Matches, int Equal, int Compared)
{
    /// <summary>The same computer with something changed: worth storing the new code.</summary>
    public bool Drift => Matches && Equal < Compared;
}
