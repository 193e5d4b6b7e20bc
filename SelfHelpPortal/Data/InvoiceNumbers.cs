using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Data;

/// <summary>One series of numbers: a kind in a year.</summary>
internal sealed class InvoiceSeries
{
    public required InvoiceKind Kind { get; init; }
    public required int Year { get; init; }
    public required int LastNumber { get; init; }
    public required DateOnly LastIssueDate { get; init; }
}

/// <param name="IssueDate">Today, or later where another node's day began earlier: dates never run backwards within a series.</param>
internal sealed record TakenNumber(int Place, DateOnly IssueDate);

/// <summary>
/// Gives out the numbers of invoices without a gap: a row per series, counted up in the transaction that stores the invoice and locked
/// until it ends. A sequence would not give a number back.
/// </summary>
internal static class InvoiceNumbers
{
    /// <summary>The last lock of the transaction (security.md, section 3): whoever issues next in this series waits for its end.</summary>
    public static async Task<TakenNumber> TakeAsync(
        PortalDbContext db, InvoiceKind kind, DateOnly today, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException(
                "An invoice number was asked for outside a transaction; take it in the one that stores the invoice.");
        }

        var taken = await db.Database.SqlQuery<TakenNumber>(
            $"""
             INSERT INTO invoice_series AS s (kind, year, last_number, last_issue_date) VALUES ({kind.ToString()}, {today.Year}, 1, {today})
             ON CONFLICT (kind, year) DO UPDATE SET
                 last_number = s.last_number + 1, last_issue_date = greatest(s.last_issue_date, excluded.last_issue_date)
             RETURNING last_number AS "Place", last_issue_date AS "IssueDate"
             """).ToListAsync(cancellationToken);
        return taken.Single();
    }
}
