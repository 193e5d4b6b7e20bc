using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>A license file as it was sent to a customer. It holds the release secret, so its text is encrypted; it never changes.</summary>
internal sealed class StoredLicenseFile
{
    public required Guid Id { get; init; }
    public required Guid ActivationId { get; init; }
    public required byte[] SealedText { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class StoredLicenseFileConfiguration : IEntityTypeConfiguration<StoredLicenseFile>
{
    public void Configure(EntityTypeBuilder<StoredLicenseFile> builder)
    {
        builder.ToTable("license_file");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.HasIndex(f => new { f.ActivationId, f.CreatedAt });
        builder.HasIndex(f => f.CreatedAt);
        builder.HasOne<Activation>().WithMany().HasForeignKey(f => f.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Keeps license files that go out by mail or wait to be downloaded, since a file written again would be another one.</summary>
internal sealed class LicenseFiles(IDbContextFactory<PortalDbContext> contexts, StoredSecrets secrets)
{
    public const string Source = "license";

    private const string ContentType = "application/octet-stream";
    private const string RecordKind = "license-file/text";

    /// <summary>Adds the file to the caller's context.</summary>
    /// <param name="text">As <see cref="LicenseIssuer.Write"/> made it.</param>
    /// <returns>What a mail names to carry it.</returns>
    public MailAttachment Keep(PortalDbContext db, License license, Activation activation, string text, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        db.Add(new StoredLicenseFile
        {
            Id = id,
            ActivationId = activation.Id,
            SealedText = secrets.SealText(text, RecordKind, id),
            CreatedAt = now
        });
        var bytes = Encoding.UTF8.GetBytes(text);
        return new MailAttachment(Source, id, NameOf(license.Number), ContentType, InvoiceDocument.HashOf(bytes), bytes.Length);
    }

    /// <summary>What was kept last for a computer; null when nothing was.</summary>
    public async Task<string?> LatestAsync(PortalDbContext db, Guid activationId, CancellationToken cancellationToken)
    {
        var file = await db.Set<StoredLicenseFile>().AsNoTracking().Where(f => f.ActivationId == activationId)
            .OrderByDescending(f => f.CreatedAt).ThenByDescending(f => f.Id).FirstOrDefaultAsync(cancellationToken);
        return file is null ? null : secrets.UnsealText(file.SealedText, RecordKind, file.Id);
    }

    /// <summary>Null when there is no such file.</summary>
    public async Task<byte[]?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await db.Set<StoredLicenseFile>().Where(f => f.Id == id).Select(f => f.SealedText)
            .SingleOrDefaultAsync(cancellationToken);
        return text is null ? null : Open(id, text);
    }

    /// <summary>The file as it was sent. A changed one cannot be opened.</summary>
    public byte[] Open(Guid id, byte[] sealedText) => secrets.Unseal(sealedText, RecordKind, id);

    /// <summary><c>Lizenz-L-1044.lshlic</c>, of a vendor's own number only what a file name takes.</summary>
    public static string NameOf(string licenseNumber) =>
        $"Lizenz-{string.Concat(licenseNumber.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))}.lshlic";
}
