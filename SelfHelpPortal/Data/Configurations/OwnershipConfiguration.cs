using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Ownership;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class OwnerChangeConfiguration : IEntityTypeConfiguration<OwnerChange>
{
    public void Configure(EntityTypeBuilder<OwnerChange> builder)
    {
        builder.ToTable("owner_change", t => t.HasCheckConstraint(
            "ck_owner_change_completed",
            "(state = 'Completed') = (new_customer_id IS NOT NULL) AND (state = 'Completed') <= (license_id IS NOT NULL)"));
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Reference).HasMaxLength(12);
        builder.Property(c => c.Kind).HasConversion<string>();
        builder.Property(c => c.State).HasConversion<string>();
        builder.Property(c => c.ProductId).HasMaxLength(40);
        builder.Property(c => c.StatedLicense).HasMaxLength(60);
        builder.Property(c => c.AskedBy).HasMaxLength(120);
        builder.Property(c => c.Phone).HasMaxLength(120);
        builder.Property(c => c.Language).HasMaxLength(2);
        builder.Property(c => c.Question).HasMaxLength(2000);
        builder.Property(c => c.Answer).HasMaxLength(2000);
        builder.Property(c => c.StaffReason).HasMaxLength(2000);

        // Read and written as a whole, never searched in but by the address.
        builder.Property(c => c.Licensee).HasColumnType("jsonb").HasConversion(
            licensee => JsonSerializer.Serialize(licensee, PolicyJson.Options),
            json => JsonSerializer.Deserialize<LicenseeData>(json, PolicyJson.Options)!);
        builder.Property(c => c.Price).HasColumnType("jsonb").HasConversion(
            price => JsonSerializer.Serialize(price, PolicyJson.Options),
            json => JsonSerializer.Deserialize<OwnerChangePrice>(json, PolicyJson.Options));
        builder.Ignore(c => c.IsOver).Ignore(c => c.WaitsForTaker);
        builder.HasIndex(c => c.Reference).IsUnique();
        builder.HasIndex(c => c.CustomerId);
        builder.HasIndex(c => c.NewCustomerId);
        builder.HasIndex(c => new { c.LicenseId, c.State });
        builder.HasIndex(c => new { c.State, c.CreatedAt });
        builder.HasOne<License>().WithMany().HasForeignKey(c => c.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Customer>().WithMany().HasForeignKey(c => c.CustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Customer>().WithMany().HasForeignKey(c => c.NewCustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Invoice>().WithMany().HasForeignKey(c => c.InvoiceId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class LicenseHolderConfiguration : IEntityTypeConfiguration<LicenseHolder>
{
    public void Configure(EntityTypeBuilder<LicenseHolder> builder)
    {
        builder.ToTable("license_holder", t => t.HasCheckConstraint("ck_license_holder_time", "held_from <= held_until"));
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.Property(h => h.From).HasColumnName("held_from");
        builder.Property(h => h.Until).HasColumnName("held_until");

        // Each hands over to one: no two begin, or end, at the same moment.
        builder.HasIndex(h => new { h.LicenseId, h.From }).IsUnique();
        builder.HasIndex(h => new { h.LicenseId, h.Until }).IsUnique();
        builder.HasIndex(h => h.CustomerId);
        builder.HasOne<License>().WithMany().HasForeignKey(h => h.LicenseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Customer>().WithMany().HasForeignKey(h => h.CustomerId).OnDelete(DeleteBehavior.Restrict);
    }
}
