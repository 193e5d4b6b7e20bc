using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Activations;
using Buyer = SelfHelpPortal.Licensing.Customer;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// All licenses with keys and customers as a list that can be imported again. Those of a customer whose data was erased have nobody to be
/// written to and are left out.
/// </summary>
internal sealed class ExportLicenses(IDbContextFactory<PortalDbContext> contexts, LicenseFactory maker)
{
    private const int RowsAtOnce = 1_000;

    /// <returns>How many licenses were written.</returns>
    public async Task<int> ExecuteAsync(Stream target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await AuditLog.NoteAsync(
            contexts, AuditLog.CommandLine, AuditKind.LicensesExported, null, null, now, cancellationToken);
        await using var text = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await text.WriteAsync(Csv.Line(ImportField.All));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var count = 0;
        for (var after = Guid.Empty; ;)
        {
            var last = after;
            var part = await db.Licenses.AsNoTracking().Where(l => l.Id > last)
                .Join(db.Customers.Where(c => c.ErasedAt == null), l => l.CustomerId, c => c.Id, (License, Customer) =>
                    new { License, Customer })
                .OrderBy(row => row.License.Id).Take(RowsAtOnce).ToListAsync(cancellationToken);
            if (part is [])
            {
                return count;
            }

            foreach (var row in part)
            {
                await text.WriteAsync(Line(row.License, row.Customer));
            }

            count += part.Count;
            after = part[^1].License.Id;
        }
    }

    private string Line(License license, Buyer customer) => Csv.Line(ImportField.All.Select(field => field switch
    {
        ImportField.Product => license.ProductId,
        ImportField.LicenseNumber => license.Number,
        ImportField.Serial => license.Serial ?? "",
        ImportField.ActivationKey => maker.KeyOf(license),
        ImportField.Seats => license.Seats.ToString(CultureInfo.InvariantCulture),
        ImportField.MaintenanceUntil => license.MaintenanceUntil?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        ImportField.CustomerNumber => customer.Number,
        ImportField.Company => customer.Company,
        ImportField.Email => customer.Email,
        ImportField.Language => customer.Language,
        ImportField.Street => customer.Street ?? "",
        ImportField.PostalCode => customer.PostalCode ?? "",
        ImportField.City => customer.City ?? "",
        ImportField.Country => customer.Country,
        ImportField.VatId => customer.VatId ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(license), field, "A field of the list is not exported; add it here."),
    }));
}
