namespace SelfHelpPortal.Shared.Flags;

/// <summary>
/// Names the reasons a customer can give, by <see cref="Licensing.CheckIn.FlagExplanation"/>: FlagExplanations.resx (English) and .de.resx.
/// </summary>
public sealed class FlagExplanations;
