namespace SelfHelpPortal.Features.Staff.Search;

/// <summary>What a search looks for; the order of the page.</summary>
internal enum SearchKind
{
    Licenses,
    Customers,
    Cases,
    Orders,
    Invoices,
    Computers,
    Loans,
    Appointments,
}

/// <summary>Where a term was found.</summary>
internal enum SearchField
{
    Number,
    Serial,

    /// <summary>The last five symbols of the activation key.</summary>
    KeyEnd,
    Company,
    Email,
    Street,
    PostalCode,
    City,
    VatId,
    Amount,
    Name,
    Phone,
    PcName,

    /// <summary>What the customer calls the computer.</summary>
    OwnName,
    HardwareCode,
    StatedLicense,
    Reason,
}

/// <param name="Text">In normal form C.</param>
/// <param name="Places">What to mark in it.</param>
internal sealed record SearchMatch(SearchField Field, string Text, IReadOnlyList<(int Start, int Length)> Places);

/// <param name="Title">A number, or what stands for one.</param>
/// <param name="About">Whose it is, or what.</param>
/// <param name="State">Null where there is none.</param>
internal sealed record SearchHit(string Title, string Address, string About, Enum? State, IReadOnlyList<SearchMatch> Matches);

/// <param name="Hits">At most <see cref="SearchEverything.MostHits"/>.</param>
internal sealed record SearchGroup(SearchKind Kind, IReadOnlyList<SearchHit> Hits, bool HasMore);

/// <param name="Groups">Those in which something was found.</param>
/// <param name="Direct">The page of the only hit, when the term is its number.</param>
/// <param name="IsShort">Nothing but whole numbers was looked for.</param>
/// <param name="IsCut">There may be more: to look for all of it took too long.</param>
internal sealed record SearchResults(IReadOnlyList<SearchGroup> Groups, string? Direct, bool IsShort, bool IsCut = false);
