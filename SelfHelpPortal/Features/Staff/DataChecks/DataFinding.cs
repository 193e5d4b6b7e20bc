using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Features.Staff.DataChecks;

/// <summary>
/// Something that the last daily check found wrong in the database. The rows are of that check alone, so an empty table says that all was
/// well.
/// </summary>
internal sealed class DataFinding
{
    public required Guid Id { get; init; }

    /// <summary>Name of the <see cref="DataRule"/>, or of one of the checks beside them.</summary>
    public required string Rule { get; init; }

    /// <summary>Numbers and ids by which the row is found: of a license, an invoice, an order.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset FoundAt { get; init; }
}

internal sealed class DataFindingConfiguration : IEntityTypeConfiguration<DataFinding>
{
    public const int LongestSubject = 200;

    public void Configure(EntityTypeBuilder<DataFinding> builder)
    {
        builder.ToTable("data_finding");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Rule).HasMaxLength(60);
        builder.Property(f => f.Subject).HasMaxLength(LongestSubject);
    }
}
