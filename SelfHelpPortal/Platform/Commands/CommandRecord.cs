using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Platform.Commands;

/// <summary>That a command was carried out, and what was answered.</summary>
internal sealed class CommandRecord
{
    /// <summary>
    /// Made from the actor and the command's own id, so that nobody reaches another's answer by knowing or guessing an id.
    /// </summary>
    public required Guid Id { get; init; }

    public required string Actor { get; init; }

    public required string Kind { get; init; }

    public required byte[] RequestHash { get; init; }

    /// <summary>Encrypted; it may hold a license file. Null only inside the transaction that carries the command out.</summary>
    public byte[]? Answer { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class CommandRecordConfiguration : IEntityTypeConfiguration<CommandRecord>
{
    public void Configure(EntityTypeBuilder<CommandRecord> builder)
    {
        builder.ToTable("command");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Kind).HasMaxLength(60);
        builder.HasIndex(c => c.CreatedAt);
    }
}
