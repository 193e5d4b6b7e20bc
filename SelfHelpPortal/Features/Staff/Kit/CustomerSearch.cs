using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>How every search of staff finds customers.</summary>
internal static class CustomerSearch
{
    /// <param name="term">A customer's number, or a part of the company's name; the wildcards of LIKE stand for themselves in it.</param>
    public static IQueryable<Licensing.Customer> Matching(this IQueryable<Licensing.Customer> customers, string term)
    {
        var number = term.ToUpperInvariant();
        var literal = term.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = $"%{literal}%";
        return customers.Where(c => c.Number == number || EF.Functions.ILike(c.Company, pattern));
    }
}
