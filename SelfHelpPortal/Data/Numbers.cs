using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>The numbers people say on the telephone. They come from sequences: unique, in order, and a gap means nothing.</summary>
internal static class Numbers
{
    public const string LicenseSequence = "license_number";
    public const string CustomerSequence = "customer_number";
    public const string FlagSequence = "flag_number";

    public static async Task<string> NextLicenseAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        Format("L", await NextAsync(db, $"SELECT nextval('license_number') AS \"Value\"", cancellationToken));

    public static async Task<string> NextCustomerAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        Format("C", await NextAsync(db, $"SELECT nextval('customer_number') AS \"Value\"", cancellationToken));

    public static async Task<string> NextFlagAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        Format("F", await NextAsync(db, $"SELECT nextval('flag_number') AS \"Value\"", cancellationToken));

    /// <summary>Before an import: the next numbers lie behind every number of our form in the file.</summary>
    public static Task MoveBehindImportAsync(PortalDbContext db, Guid file, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $$"""
            SELECT setval('license_number', greatest((SELECT last_value FROM license_number),
                       max(substring(license_number from '^L-(\d{1,15})$')::bigint))),
                   setval('customer_number', greatest((SELECT last_value FROM customer_number),
                       max(substring(customer_number from '^C-(\d{1,15})$')::bigint)))
            FROM import_row WHERE file_id = {{file}}
            """,
            cancellationToken);

    /// <summary>The same for a license that somebody adds with numbers of its own.</summary>
    public static Task MoveBehindAsync(PortalDbContext db, string? license, string? customer, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $$"""
            SELECT setval('license_number', greatest((SELECT last_value FROM license_number),
                       substring({{license ?? ""}} from '^L-(\d{1,15})$')::bigint)),
                   setval('customer_number', greatest((SELECT last_value FROM customer_number),
                       substring({{customer ?? ""}} from '^C-(\d{1,15})$')::bigint))
            """,
            cancellationToken);

    private static Task<long> NextAsync(PortalDbContext db, FormattableString sql, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>(sql).SingleAsync(cancellationToken);

    private static string Format(string letter, long number) => string.Create(CultureInfo.InvariantCulture, $"{letter}-{number}");
}
