using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("customer", t => t.HasCheckConstraint("ck_customer_merged", "merged_into_id <> id"));
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Number).HasMaxLength(20);
        builder.Property(c => c.Company).HasMaxLength(200);
        builder.Property(c => c.Email).HasMaxLength(254);
        builder.Property(c => c.Language).HasMaxLength(2);
        builder.Property(c => c.Country).HasMaxLength(2);
        builder.Property(c => c.InvoiceFormat).HasMaxLength(20);
        builder.Property<string>(SearchText.OfCustomer).HasComputedColumnSql(SearchText.SqlOfCustomer, stored: true);
        builder.HasIndex(SearchText.OfCustomer).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.HasIndex(c => c.Number).IsUnique();
        builder.HasIndex(c => c.Email);

        // Once a customer is forgotten for good, the numbers that led there go too.
        builder.HasIndex(c => c.MergedIntoId).HasFilter("merged_into_id IS NOT NULL");
        builder.HasOne<Customer>().WithMany().HasForeignKey(c => c.MergedIntoId).OnDelete(DeleteBehavior.Cascade);
    }
}
