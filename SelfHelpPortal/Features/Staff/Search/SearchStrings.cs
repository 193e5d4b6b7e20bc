namespace SelfHelpPortal.Features.Staff.Search;

/// <summary>The words of the search over everything.</summary>
internal sealed class SearchStrings;
