using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class KeyAccessConfiguration : IEntityTypeConfiguration<KeyAccess>
{
    public void Configure(EntityTypeBuilder<KeyAccess> builder)
    {
        builder.ToTable("key_access");
        builder.HasKey(k => new { k.UserId, k.LicenseId });
        builder.HasIndex(k => k.LicenseId);
        builder.HasIndex(k => k.CustomerId);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<License>().WithMany().HasForeignKey(k => k.LicenseId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Customer>().WithMany().HasForeignKey(k => k.CustomerId).OnDelete(DeleteBehavior.Restrict);
    }
}
