using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class ProductConfiguration : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("product");
        builder.Property(p => p.Id).HasMaxLength(40);
        builder.Property(p => p.Name).HasMaxLength(100);
        builder.Property(p => p.PolicyVersion).IsConcurrencyToken();
        builder.Property(p => p.Policies).HasColumnType("jsonb").HasConversion(new ValueConverter<ProductPolicies, string>(
            p => JsonSerializer.Serialize(p, PolicyJson.Options),
            s => PolicyJson.Read<ProductPolicies>(s) ?? new ProductPolicies()));
    }
}
