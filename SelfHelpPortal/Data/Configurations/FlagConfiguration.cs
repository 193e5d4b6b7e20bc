using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class FlagConfiguration : IEntityTypeConfiguration<Flag>
{
    public void Configure(EntityTypeBuilder<Flag> builder)
    {
        builder.ToTable("flag");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Number).HasMaxLength(20);
        builder.Property(f => f.Message).HasMaxLength(4000);
        builder.HasIndex(f => f.Number).IsUnique();
        builder.HasIndex(f => new { f.LicenseId, f.Kind }).IsUnique().HasFilter("state <> 'Resolved'").HasDatabaseName("ux_flag_open");

        // The work list: open cases, oldest first.
        builder.HasIndex(f => f.OpenedAt).HasFilter("state <> 'Resolved'").HasDatabaseName("ix_flag_open_by_age");
        // How often a verdict was right.
        builder.HasIndex(f => new { f.Verdict, f.Cause }).HasFilter("verdict IS NOT NULL").HasDatabaseName("ix_flag_verdict");
        builder.Ignore(f => f.MailKey);
        builder.HasMany(f => f.Computers).WithOne().HasForeignKey(c => c.FlagId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(f => f.Messages).WithOne().HasForeignKey(m => m.FlagId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class FlagMessageConfiguration : IEntityTypeConfiguration<FlagMessage>
{
    public void Configure(EntityTypeBuilder<FlagMessage> builder)
    {
        builder.ToTable("flag_message");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Explanation).HasConversion<string>();
        builder.Property(m => m.Text).HasMaxLength(FlagMessage.Longest);
    }
}

internal sealed class EmergencyGrantConfiguration : IEntityTypeConfiguration<EmergencyGrant>
{
    public void Configure(EntityTypeBuilder<EmergencyGrant> builder)
    {
        builder.ToTable("emergency_grant");
        builder.Property(g => g.Id).ValueGeneratedNever();
        builder.HasIndex(g => new { g.LicenseId, g.Year }).IsUnique();
        builder.HasOne<Activation>().WithMany().HasForeignKey(g => g.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class FlaggedComputerConfiguration : IEntityTypeConfiguration<FlaggedComputer>
{
    public void Configure(EntityTypeBuilder<FlaggedComputer> builder)
    {
        builder.ToTable("flagged_computer");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.HasIndex(c => new { c.FlagId, c.ActivationId }).IsUnique();
        builder.HasOne<Activation>().WithMany().HasForeignKey(c => c.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ReleaseGrantConfiguration : IEntityTypeConfiguration<ReleaseGrant>
{
    public void Configure(EntityTypeBuilder<ReleaseGrant> builder)
    {
        builder.ToTable("release_grant");
        builder.Property(g => g.Id).ValueGeneratedNever();
        builder.Property(g => g.Reason).HasMaxLength(1000);
    }
}
