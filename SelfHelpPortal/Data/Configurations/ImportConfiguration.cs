using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class ImportFileConfiguration : IEntityTypeConfiguration<ImportFile>
{
    public void Configure(EntityTypeBuilder<ImportFile> builder)
    {
        builder.ToTable("import_file");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Name).HasMaxLength(ImportFile.LongestName);
        builder.Property(f => f.Sha256).HasMaxLength(64);
        builder.Property(f => f.Format).HasMaxLength(4);
        builder.Property(f => f.Encoding).HasMaxLength(20);
        builder.Property(f => f.Separator).HasMaxLength(1);
        builder.Property(f => f.State).HasConversion<string>().HasMaxLength(20);
        builder.HasIndex(f => f.CreatedAt);
    }
}

internal sealed class ImportRowConfiguration : IEntityTypeConfiguration<ImportRow>
{
    public void Configure(EntityTypeBuilder<ImportRow> builder)
    {
        builder.ToTable("import_row");
        builder.HasKey(r => new { r.FileId, r.Seq });
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(20);
        builder.Property(r => r.LicenseNumber).HasMaxLength(20);
        builder.Property(r => r.CustomerNumber).HasMaxLength(20);
        builder.HasOne<ImportFile>().WithMany().HasForeignKey(r => r.FileId).OnDelete(DeleteBehavior.Cascade);

        // A number or key that stands in the file twice is found by these, and the list of findings by the last.
        builder.HasIndex(r => new { r.FileId, r.LicenseNumber });
        builder.HasIndex(r => new { r.FileId, r.KeyHash });
        builder.HasIndex(r => new { r.FileId, r.State, r.Seq });
    }
}
