using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class LicenseEventConfiguration : IEntityTypeConfiguration<LicenseEvent>
{
    public void Configure(EntityTypeBuilder<LicenseEvent> builder)
    {
        builder.ToTable("license_event");
        builder.Property(e => e.Kind).HasMaxLength(30);

        // json and not jsonb: the text is hashed, so it has to stay as it was written.
        builder.Property(e => e.Data).HasColumnType("json");
        builder.HasIndex(e => new { e.Stream, e.Seq }).IsUnique();

        // What the breaker of automatic locks counts.
        builder.HasIndex(e => e.At).HasFilter("kind in ('ComputerLocked', 'LicenseLocked')").HasDatabaseName("ix_license_event_locks");

        // What an account did, for its export; most events are of computers.
        builder.HasIndex(e => e.ActorId).HasFilter("actor_id IS NOT NULL");
        builder.HasOne(e => e.Detail).WithOne().HasForeignKey<EventDetail>(d => d.EventId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class EventDetailConfiguration : IEntityTypeConfiguration<EventDetail>
{
    public void Configure(EntityTypeBuilder<EventDetail> builder)
    {
        builder.ToTable("event_detail");
        builder.HasKey(d => d.EventId);
        builder.Property(d => d.EventId).ValueGeneratedNever();
        builder.Property(d => d.ActorName).HasMaxLength(200);
        builder.Property(d => d.IpPrefix).HasMaxLength(50);
        builder.Property(d => d.Text).HasMaxLength(4000);

        // Networks go after a month, so the daily job finds few.
        builder.HasIndex(d => d.EventId).HasFilter("ip_prefix IS NOT NULL").HasDatabaseName("ix_event_detail_network");
    }
}
