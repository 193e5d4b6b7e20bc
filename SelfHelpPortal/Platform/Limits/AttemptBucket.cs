using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Platform.Limits;

/// <summary>How often one subject was wrong since its window began. The row appears with the first miss; a hit writes nothing.</summary>
internal sealed class AttemptBucket
{
    public required AttemptScope Scope { get; init; }

    public required byte[] SubjectHash { get; init; }

    public required DateTimeOffset WindowStart { get; init; }

    public required int Used { get; init; }
}

internal sealed class AttemptBucketConfiguration : IEntityTypeConfiguration<AttemptBucket>
{
    public void Configure(EntityTypeBuilder<AttemptBucket> builder)
    {
        builder.ToTable("guess_bucket");
        builder.HasKey(b => new { b.Scope, b.SubjectHash });
        builder.Property(b => b.Scope).HasConversion<string>();
    }
}
