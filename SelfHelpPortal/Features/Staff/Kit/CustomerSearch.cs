using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>How every search of staff finds customers.</summary>
internal static class CustomerSearch
{
    /// <param name="customers">All of them.</param>
    /// <param name="term">
    /// A customer's number, also one that was merged into it, or a part of name, e-mail address or town; the wildcards of LIKE stand for
    /// themselves in it.
    /// </param>
    public static IQueryable<Licensing.Customer> Matching(this IQueryable<Licensing.Customer> customers, string term)
    {
        var number = term.ToUpperInvariant();
        var literal = term.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = $"%{literal}%";
        return customers.Where(c => c.MergedIntoId == null
            && (c.Number == number || customers.Any(m => m.MergedIntoId == c.Id && m.Number == number)
                || EF.Functions.ILike(c.Company, pattern) || EF.Functions.ILike(c.Email, pattern) || EF.Functions.ILike(c.City!, pattern)));
    }
}
