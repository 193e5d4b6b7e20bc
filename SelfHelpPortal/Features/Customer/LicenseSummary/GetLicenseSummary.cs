using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.LicenseSummary;

/// <summary>What somebody may know who has the key, and nothing about whose license it is.</summary>
internal sealed record HolderView
{
    public required Guid LicenseId { get; init; }
    public required string ProductId { get; init; }
    public required string ProductName { get; init; }
    public required string LicenseNumber { get; init; }
    public required string KeyLastFive { get; init; }
    public required LicenseState State { get; init; }
    public required int Seats { get; init; }
    public required int SeatsInUse { get; init; }

    /// <summary>Names as they are stored; the page masks them.</summary>
    public required IReadOnlyList<ComputerInUse> Computers { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }
    public required bool IsExpired { get; init; }
    public required DateOnly? MaintenanceUntil { get; init; }
    public required ReleasePolicy Policy { get; init; }
    public required ReleaseAllowance Allowance { get; init; }

    /// <summary>The case of a sighting, whether it has locked the license or not.</summary>
    public required string? SightingCase { get; init; }

    /// <summary>The case that has frozen releases.</summary>
    public required string? ObjectionCase { get; init; }

    public required bool AreReleasesStopped { get; init; }
    public required bool MayRelease { get; init; }
    public required bool MayTransfer { get; init; }
}

/// <summary>Reads the page of a license. It changes nothing, however often it is opened.</summary>
internal sealed class GetLicenseSummary(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <summary>Null when there is no such page, or no longer.</summary>
    public async Task<HolderView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
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
        var computers = await ComputersInUse.GetAsync(db, license, cancellationToken);
        var isFree = !license.AreReleasesStopped && computers.Count > 0;
        return new HolderView
        {
            LicenseId = license.Id,
            ProductId = product.Id,
            ProductName = product.Name,
            LicenseNumber = license.Number,
            KeyLastFive = license.Key.LastFive,
            State = license.State,
            Seats = license.Seats,
            SeatsInUse = license.ActiveComputers.Count(a => a.HasSeat),
            Computers = computers,
            ExpiresAt = license.ExpiresAt,
            IsExpired = license.ExpiresAt <= now,
            MaintenanceUntil = license.MaintenanceUntil,
            Policy = product.Policies.Release,
            Allowance = license.AllowanceAt(now, product.Policies.Release),
            SightingCase = license.OpenFlag(FlagKind.Sighting)?.Number,
            ObjectionCase = license.OpenFlag(FlagKind.Objection)?.Number,
            AreReleasesStopped = license.AreReleasesStopped,
            MayRelease = isFree,
            MayTransfer = isFree && !(license.ExpiresAt <= now) && product.Policies.Transfer.IsOffered,
        };
    }
}
