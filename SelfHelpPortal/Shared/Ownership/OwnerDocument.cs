using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Uploads;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>What shows that a licensee may be changed: an extract from the register, a contract. At most one for each case.</summary>
internal sealed class OwnerDocument
{
    public required Guid Id { get; init; }
    public required Guid ChangeId { get; init; }
    public required DocumentFormat Format { get; init; }
    public required byte[] Content { get; init; }

    /// <summary>Lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static OwnerDocument Keep(Guid change, UploadedDocument document, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ChangeId = change,
        Format = document.Format,
        Content = document.Bytes,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(document.Bytes)),
        CreatedAt = now,
    };
}

/// <summary>What pages say of a document without its content.</summary>
internal sealed record OwnerDocumentFacts(DocumentFormat Format, int Length)
{
    public static Task<OwnerDocumentFacts?> ReadAsync(Data.PortalDbContext db, Guid change, CancellationToken cancellationToken) =>
        db.Set<OwnerDocument>().Where(d => d.ChangeId == change).Select(d => new OwnerDocumentFacts(d.Format, d.Content.Length))
            .SingleOrDefaultAsync(cancellationToken);
}

internal sealed class OwnerDocumentConfiguration : IEntityTypeConfiguration<OwnerDocument>
{
    public void Configure(EntityTypeBuilder<OwnerDocument> builder)
    {
        // The page refuses what is larger in its own words; this is the last look.
        builder.ToTable("owner_document", t => t.HasCheckConstraint(
            "ck_owner_document_size", $"octet_length(content) BETWEEN 1 AND {UploadedDocument.MaxBytes}"));
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Format).HasConversion<string>().HasMaxLength(10);
        builder.Property(d => d.Sha256).HasMaxLength(64);
        builder.HasIndex(d => d.ChangeId).IsUnique();
        builder.HasOne<OwnerChange>().WithMany().HasForeignKey(d => d.ChangeId).OnDelete(DeleteBehavior.Cascade);
    }
}
