using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Data.Configurations;

/// <summary>That no version changes, and that each new one is told to every node, is said in the migration Settings.</summary>
internal sealed class SettingVersionConfiguration : IEntityTypeConfiguration<SettingVersion>
{
    public void Configure(EntityTypeBuilder<SettingVersion> builder)
    {
        builder.ToTable("setting_version", t => t.HasCheckConstraint("ck_setting_version_version", "version >= 1"));
        builder.Property(v => v.Kind).HasMaxLength(20);
        builder.Property(v => v.Key).HasMaxLength(SettingVersion.LongestKey);
        builder.Property(v => v.Content).HasColumnType("jsonb");
        builder.HasIndex(v => new { v.Kind, v.Key, v.Version }).IsUnique();
    }
}
