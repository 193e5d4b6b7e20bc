using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Features.Customer.ActivateOffline;

/// <summary>
/// An activation that somebody began with a right key: the draft behind its page, which keeps the key out of every address. What came of it
/// stands in the license; while a seat is missing, it waits for one.
/// </summary>
internal sealed class ActivationRequest
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LicenseId { get; init; }

    /// <summary>Of the computer without internet, in groups.</summary>
    public required string HardwareCode { get; init; }

    public required string? PcName { get; init; }
    public required string? AppVersion { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public Computer Computer =>
        Licensing.Codes.HardwareCode.TryParse(HardwareCode, out var code, out _)
            ? new Computer(code, PcName, AppVersion)
            : throw new InvalidOperationException("A stored activation request cannot be read; it was changed in the database.");
}

internal sealed class ActivationRequestConfiguration : IEntityTypeConfiguration<ActivationRequest>
{
    public void Configure(EntityTypeBuilder<ActivationRequest> builder)
    {
        builder.ToTable("activation_request");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.HardwareCode).HasMaxLength(50);
        builder.Property(r => r.PcName).HasMaxLength(100);
        builder.Property(r => r.AppVersion).HasMaxLength(50);
        builder.Ignore(r => r.Computer);
        builder.HasIndex(r => r.LicenseId);
        builder.HasOne<License>().WithMany().HasForeignKey(r => r.LicenseId).OnDelete(DeleteBehavior.Restrict);
    }
}
