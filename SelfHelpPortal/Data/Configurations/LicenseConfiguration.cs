using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class LicenseConfiguration : IEntityTypeConfiguration<License>
{
    public void Configure(EntityTypeBuilder<License> builder)
    {
        builder.ToTable("license", t => t.HasCheckConstraint("ck_license_seats", "seats > 0"));
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.Number).HasMaxLength(20);
        builder.Property(l => l.Serial).HasMaxLength(40);
        builder.HasIndex(l => l.Number).IsUnique();
        builder.HasIndex(l => l.Serial);
        builder.HasOne<Product>().WithMany().HasForeignKey(l => l.ProductId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Customer>().WithMany().HasForeignKey(l => l.CustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.OwnsOne(l => l.Key, key =>
        {
            key.Property(k => k.Hash).HasColumnName("key_hash");
            key.Property(k => k.FoldedHash).HasColumnName("key_folded_hash");
            key.Property(k => k.PepperId).HasColumnName("key_pepper_id").HasMaxLength(20);
            key.Property(k => k.Sealed).HasColumnName("key_sealed");
            key.Property(k => k.LastFive).HasColumnName("key_last_five").HasMaxLength(5);
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasIndex(k => k.FoldedHash);
            key.HasIndex(k => k.LastFive);
        });
        builder.Navigation(l => l.Key).IsRequired();
        builder.Ignore(l => l.ActiveComputers);
        builder.HasMany(l => l.Activations).WithOne().HasForeignKey(a => a.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(l => l.Grants).WithOne().HasForeignKey(g => g.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(l => l.EmergencyGrants).WithOne().HasForeignKey(g => g.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(l => l.Flags).WithOne().HasForeignKey(f => f.LicenseId).OnDelete(DeleteBehavior.Restrict);
    }
}
