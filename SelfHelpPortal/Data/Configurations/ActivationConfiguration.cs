using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class ActivationConfiguration : IEntityTypeConfiguration<Activation>
{
    public void Configure(EntityTypeBuilder<Activation> builder)
    {
        builder.ToTable("activation", t =>
        {
            t.HasCheckConstraint("ck_activation_generation", "generation between 1 and 255");
            t.HasCheckConstraint("ck_activation_end", "(ends_at IS NULL) = (ends_as IS NULL)");
        });
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Handle).HasMaxLength(13);
        builder.Property(a => a.HardwareCode).HasMaxLength(35);
        builder.Property(a => a.PcName).HasMaxLength(100);
        builder.Property(a => a.OwnName).HasMaxLength(50);
        builder.Property(a => a.AppVersion).HasMaxLength(50);
        builder.HasIndex(a => a.Handle).IsUnique();

        // The last guard of "active activations ≤ seats".
        builder.HasIndex(a => new { a.LicenseId, a.Seat }).IsUnique().HasFilter("state = 'Active' AND ends_at IS NULL")
            .HasDatabaseName("ux_activation_active_seat");

        // Beside them one at a time that ends by itself: on loan, or an old computer after a move.
        builder.HasIndex(a => a.LicenseId, "ux_activation_temporary").IsUnique()
            .HasFilter("state = 'Active' AND ends_at IS NOT NULL");
        builder.HasIndex(a => a.LicenseId);
    }
}
