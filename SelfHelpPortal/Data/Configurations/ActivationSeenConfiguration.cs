using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Data.Configurations;

internal sealed class ActivationSeenConfiguration : IEntityTypeConfiguration<ActivationSeen>
{
    public void Configure(EntityTypeBuilder<ActivationSeen> builder)
    {
        // No index on the time: it would make every update write the indexes, too (no HOT). The fill factor stands in the Guards migration.
        builder.ToTable("activation_seen");
        builder.HasKey(s => s.ActivationId);
        builder.Property(s => s.ActivationId).ValueGeneratedNever();
        builder.HasOne<Activation>().WithOne().HasForeignKey<ActivationSeen>(s => s.ActivationId).OnDelete(DeleteBehavior.Restrict);
    }
}
