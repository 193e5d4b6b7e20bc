namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>What a check-in showed: a computer that gave up its seat used the license beside the one that has it now.</summary>
/// <param name="OldPcName">The computer that was released or superseded.</param>
/// <param name="NewPcName">The computer that has the seat.</param>
public sealed record SightedUse(
    string Product, string LicenseNumber, string? OldPcName, DateTimeOffset ReleasedAt, string? NewPcName, DateTimeOffset ActivatedAt,
    DateTimeOffset SeenAt);
