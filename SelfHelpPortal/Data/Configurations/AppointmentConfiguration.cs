using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class AppointmentConfiguration : IEntityTypeConfiguration<Appointment>
{
    public void Configure(EntityTypeBuilder<Appointment> builder)
    {
        builder.ToTable("appointment", t =>
        {
            t.HasCheckConstraint("ck_appointment_length", "ends_at > starts_at");
            t.HasCheckConstraint("ck_appointment_lane", "lane >= 0");
        });
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.ProductId).HasMaxLength(40);
        builder.Property(a => a.State).HasConversion<string>();
        builder.Property(a => a.Preparation).HasConversion<string>();
        builder.Property(a => a.Steps).HasConversion<string>();
        builder.Property(a => a.Name).HasMaxLength(120);
        builder.Property(a => a.Email).HasMaxLength(254);
        builder.Property(a => a.Phone).HasMaxLength(120);
        builder.Property(a => a.StatedLicense).HasMaxLength(60);
        builder.Property(a => a.HostVersion).HasMaxLength(60);
        builder.Property(a => a.Language).HasMaxLength(2);
        builder.Property(a => a.Checklist).AsJson();
        builder.Ignore(a => a.MayBeDone).Ignore(a => a.NextStep);
        builder.HasIndex(a => a.FormId).IsUnique();
        builder.HasIndex(a => a.LicenseId);
        builder.HasIndex(a => a.StartsAt);

        // Nobody else has this time in this lane.
        builder.HasIndex(a => new { a.ProductId, a.StartsAt, a.Lane }).IsUnique().HasFilter("state = 'Booked'")
            .HasDatabaseName("ux_appointment_booked");
        builder.HasOne<License>().WithMany().HasForeignKey(a => a.LicenseId).OnDelete(DeleteBehavior.Restrict);
    }
}
