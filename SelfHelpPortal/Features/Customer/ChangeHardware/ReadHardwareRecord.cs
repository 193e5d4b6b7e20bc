using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.ChangeHardware;

/// <param name="Points">What equal parts must weigh for one computer, by the product's policy.</param>
/// <param name="Computers">Those that use the license.</param>
internal sealed record HardwareRecord(string ProductId, string ProductName, decimal Points, IReadOnlyList<RecordedComputer> Computers);

/// <param name="PcName">As it is stored; the page masks it.</param>
internal sealed record RecordedComputer(string? PcName, HardwareCode Code);

/// <summary>Reads with which hardware codes a license is in use, for whoever has shown its key. It changes nothing.</summary>
internal sealed class ReadHardwareRecord(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <summary>Null when there is no such page, or no longer.</summary>
    /// <param name="token">Of the page that shows the license.</param>
    public async Task<HardwareRecord?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.LicenseInformation, token, now, cancellationToken)
            is not { State: not LinkState.Expired } link)
        {
            return null;
        }

        var license = await db.LoadLicenseAsync(link.RecordId, cancellationToken)
            ?? throw new MissingRowException("License", link.RecordId, "a link");
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        return new HardwareRecord(product.Id, product.Name, product.Policies.Hardware.Points,
            [.. license.ActiveComputers.OrderBy(a => a.Seat).Select(a => new RecordedComputer(a.PcName, a.HardwareCode))]);
    }
}
