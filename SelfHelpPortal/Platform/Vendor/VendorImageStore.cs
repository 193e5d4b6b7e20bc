using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>The stored pictures of the vendor, which versions of the vendor's data name by their checksums.</summary>
internal static class VendorImageStore
{
    /// <summary>A picture that none of so many last versions names is deleted, so that pictures do not pile up.</summary>
    public const int KeptVersions = 10;

    /// <returns>The file; null when none is kept under the checksum.</returns>
    public static Task<byte[]?> FindAsync(PortalDbContext db, string sha256, CancellationToken cancellationToken) =>
        db.BrandImages.Where(i => i.Sha256 == sha256).Select(i => (byte[]?)i.Content).SingleOrDefaultAsync(cancellationToken);

    /// <returns>All kept pictures in Base64 by their checksums; so few that a page may have them all.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAllAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        await db.BrandImages.AsNoTracking()
            .ToDictionaryAsync(i => i.Sha256, i => Convert.ToBase64String(i.Content), cancellationToken);

    /// <param name="settings">As a version has them.</param>
    /// <param name="known">Pictures that need not be read again.</param>
    public static async Task<VendorImages> ReadAsync(
        PortalDbContext db, VendorSettings settings, VendorImages known, CancellationToken cancellationToken)
    {
        return new()
        {
            Logo = await ReadAsync("logo", settings.Logo),
            LogoDark = await ReadAsync("logoDark", settings.LogoDark),
            Icon = await ReadAsync("icon", settings.Icon),
        };

        async Task<VendorImage?> ReadAsync(string path, string? sha256) => sha256 is null ? null
            : known.Find(sha256) ?? (await FindAsync(db, sha256, cancellationToken) is { } file
                ? VendorImage.Read(path, file).Image
                : null);
    }

    /// <summary>Takes pictures out of settings for storing them beside.</summary>
    /// <param name="typed">With new pictures in Base64, and those of an older version by their checksums.</param>
    /// <returns>The settings with checksums only, the new pictures, and what is wrong; a wrong picture stays as it was typed.</returns>
    public static async Task<(VendorSettings Settings, IReadOnlyList<VendorImage> Images, IReadOnlyList<BrokenRule> Problems)> TakeAsync(
        PortalDbContext db, VendorSettings typed, CancellationToken cancellationToken)
    {
        List<VendorImage> images = [];
        List<BrokenRule> problems = [];
        Dictionary<string, string> checksums = [];
        foreach (var path in VendorSettings.ImagePaths)
        {
            if (typed.ImageAt(path) is not { } value)
            {
                continue;
            }

            var (image, problem) = VendorImage.IsChecksum(value)
                ? await FindAsync(db, value, cancellationToken) is { } kept ? VendorImage.Read(path, kept) : (null, NotKept(path))
                : VendorImage.ReadBase64(path, value);
            if (image is null)
            {
                problems.Add(problem!);
                continue;
            }

            images.Add(image);
            checksums[path] = image.Sha256;
        }

        return (typed.WithImages((path, value) => checksums.GetValueOrDefault(path, value)), images, problems);
    }

    /// <summary>Adds those that are not stored yet, to be saved with the version that names them.</summary>
    public static async Task AddAsync(PortalDbContext db, IReadOnlyList<VendorImage> images, CancellationToken cancellationToken)
    {
        var checksums = images.Select(i => i.Sha256).Distinct().ToList();
        var stored = await db.BrandImages.Where(i => checksums.Contains(i.Sha256)).Select(i => i.Sha256).ToListAsync(cancellationToken);
        db.BrandImages.AddRange(images.DistinctBy(i => i.Sha256).Where(i => !stored.Contains(i.Sha256))
            .Select(i => new BrandImage { Sha256 = i.Sha256, Content = i.Bytes }));
    }

    /// <summary>Deletes what the last versions do not name, in the caller's transaction.</summary>
    public static async Task DeleteUnusedAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var contents = await db.SettingVersions.Where(v => v.Kind == SettingKind.Vendor).OrderByDescending(v => v.Version)
            .Take(KeptVersions).Select(v => v.Content).ToListAsync(cancellationToken);
        var kept = contents.Select(VendorSettings.Read).SelectMany(s => VendorSettings.ImagePaths.Select(s.ImageAt)).OfType<string>()
            .Distinct().ToList();
        await db.BrandImages.Where(i => !kept.Contains(i.Sha256)).ExecuteDeleteAsync(cancellationToken);
    }

    private static BrokenRule NotKept(string path) => new(
        path, "Dieses Bild wird nicht mehr aufbewahrt. Wählen Sie die Datei noch einmal.",
        "This picture is not kept any more. Choose the file once more.");
}
