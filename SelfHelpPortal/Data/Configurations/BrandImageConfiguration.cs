using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class BrandImageConfiguration : IEntityTypeConfiguration<BrandImage>
{
    public void Configure(EntityTypeBuilder<BrandImage> builder)
    {
        builder.ToTable("brand_image", t => t.HasCheckConstraint(
            "ck_brand_image_sha256", "sha256 = encode(sha256(content), 'hex')"));
        builder.HasKey(i => i.Sha256);
        builder.Property(i => i.Sha256).HasMaxLength(64);
    }
}
