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

    /// <summary>After an import: the next numbers lie behind every number of our form that was imported.</summary>
    public static Task MoveBehindAsync(PortalDbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(
        """
        SELECT setval('license_number', greatest((SELECT last_value FROM license_number),
                   (SELECT max(substring(number from '^L-(\d{{1,15}})$')::bigint) FROM license))),
               setval('customer_number', greatest((SELECT last_value FROM customer_number),
                   (SELECT max(substring(number from '^C-(\d{{1,15}})$')::bigint) FROM customer)))
        """,
        cancellationToken);

    private static Task<long> NextAsync(PortalDbContext db, FormattableString sql, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>(sql).SingleAsync(cancellationToken);

    private static string Format(string letter, long number) => string.Create(CultureInfo.InvariantCulture, $"{letter}-{number}");
}
