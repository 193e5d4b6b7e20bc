using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Data.Configurations;

/// <summary>That the entries of an article do not overlap, and that none changes, is said in the migration Guards.</summary>
internal sealed class PriceListEntryConfiguration : IEntityTypeConfiguration<PriceListEntry>
{
    public void Configure(EntityTypeBuilder<PriceListEntry> builder)
    {
        builder.ToTable("price_list_entry", t =>
        {
            t.HasCheckConstraint("ck_price_list_entry_net", "net_cents > 0");
            t.HasCheckConstraint("ck_price_list_entry_term", "term_months > 0");
            t.HasCheckConstraint("ck_price_list_entry_days", "valid_from <= valid_until");
        });
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Sku).HasMaxLength(60);
        builder.Property(e => e.NameDe).HasMaxLength(200);
        builder.Property(e => e.NameEn).HasMaxLength(200);
        builder.Ignore(e => e.Net);
        builder.HasIndex(e => new { e.ProductId, e.Sku, e.ValidFrom }).IsUnique();
        builder.HasOne<Product>().WithMany().HasForeignKey(e => e.ProductId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class VatRateConfiguration : IEntityTypeConfiguration<VatRate>
{
    public void Configure(EntityTypeBuilder<VatRate> builder)
    {
        builder.ToTable("vat_rate", t => t.HasCheckConstraint("ck_vat_rate_percent", "percent >= 0 AND percent < 100"));
        builder.HasKey(r => new { r.Country, r.Category, r.ValidFrom });
        builder.Property(r => r.Country).HasMaxLength(2);
        builder.Property(r => r.Category).HasMaxLength(2);
        builder.Property(r => r.Percent).HasPrecision(5, 2);

        // § 12(1) UStG.
        builder.HasData(new VatRate { Country = "DE", Category = "S", ValidFrom = new DateOnly(2007, 1, 1), Percent = 19m });
    }
}
