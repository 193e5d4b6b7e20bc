namespace SelfHelpPortal.Licensing.Release;

/// <summary>One more release without proof, given by staff with a reason; it stands above the product's policy.</summary>
public sealed class ReleaseGrant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LicenseId { get; init; }
    public required DateTimeOffset GrantedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required string Reason { get; init; }
    public DateTimeOffset? UsedAt { get; internal set; }

    internal bool CanBeUsed(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;
}
