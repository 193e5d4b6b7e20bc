namespace SelfHelpPortal.Components;

/// <summary>Names the words that more than one slice uses: Words.resx (English) and Words.de.resx.</summary>
public sealed class SharedStrings;
