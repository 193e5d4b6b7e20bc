namespace SelfHelpPortal.Features.Portal.Data;

/// <summary>Names the words of the pages about one's own data.</summary>
public sealed class DataWords;
