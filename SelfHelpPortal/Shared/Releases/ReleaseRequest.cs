using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>
/// A release that somebody began with a right key: the draft behind the confirm page, which keeps the key out of every address.
/// It can act for an hour and shows its result for as long as its link lives.
/// </summary>
internal sealed class ReleaseRequest
{
    public static readonly TimeSpan MayActFor = TimeSpan.FromHours(1);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LicenseId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The computer it is about, once that is clear.</summary>
    public Guid? ActivationId { get; private set; }

    /// <summary>When the mail that asks the owner was queued.</summary>
    public DateTimeOffset? MailedAt { get; private set; }

    /// <summary>How it ended, kept so that a repetition shows the same.</summary>
    public ReleaseOutcome? Outcome { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>What was typed as the reason; it goes into the event of the release, also when the owner confirms later.</summary>
    public string? Reason { get; set; }

    /// <summary>Until when the computer is to go on although it gives up its seat (UTC); null = it ends at once.</summary>
    public DateTimeOffset? GoesOnUntil { get; set; }

    public bool MayAct(DateTimeOffset now) => Outcome is null && now < CreatedAt + MayActFor;

    public void Mailed(Guid activation, DateTimeOffset now)
    {
        ActivationId = activation;
        MailedAt = now;
    }

    public void Decide(ReleaseOutcome outcome, Guid activation, DateTimeOffset now)
    {
        ActivationId = activation;
        Outcome = outcome;
        DecidedAt = now;
    }
}

internal sealed class ReleaseRequestConfiguration : IEntityTypeConfiguration<ReleaseRequest>
{
    public void Configure(EntityTypeBuilder<ReleaseRequest> builder)
    {
        builder.ToTable("release_request");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Outcome).HasConversion<string>();
        builder.Property(r => r.Reason).HasMaxLength(1000);
        builder.HasIndex(r => new { r.LicenseId, r.MailedAt });
        builder.HasOne<License>().WithMany().HasForeignKey(r => r.LicenseId).OnDelete(DeleteBehavior.Restrict);
    }
}
