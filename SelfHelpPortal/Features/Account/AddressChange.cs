using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Features.Account;

/// <summary>Another address for signing in. It counts once both the old and the new one have confirmed it.</summary>
internal sealed class AddressChange
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string OldEmail { get; init; }

    public required string NewEmail { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? OldConfirmedAt { get; set; }

    public DateTimeOffset? NewConfirmedAt { get; set; }

    public DateTimeOffset? DoneAt { get; set; }
}

internal sealed class AddressChangeConfiguration : IEntityTypeConfiguration<AddressChange>
{
    public void Configure(EntityTypeBuilder<AddressChange> builder)
    {
        builder.ToTable("address_change");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.OldEmail).HasMaxLength(254);
        builder.Property(c => c.NewEmail).HasMaxLength(254);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
