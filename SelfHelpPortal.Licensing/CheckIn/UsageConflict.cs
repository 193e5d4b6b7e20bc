namespace SelfHelpPortal.Licensing.CheckIn;

/// <summary>What is known about the moment of a sighting besides the license itself.</summary>
/// <param name="SignedAt">When the computer signed the check-in (UTC). One signed before the release reached us proves nothing.</param>
/// <param name="WithinBusinessHours">Whether somebody at the vendor could help right now.</param>
/// <param name="LocksAllowed">False when the breaker stopped automatic locks.</param>
public readonly record struct SightingCircumstances(DateTimeOffset SignedAt, bool WithinBusinessHours, bool LocksAllowed);

/// <summary>What a sighting changed.</summary>
/// <param name="Flag">The case it belongs to.</param>
/// <param name="IsNewComputer">The first sighting of this computer in the case: staff are told.</param>
/// <param name="Reached">The stage that was reached by this sighting, null if it stayed: the owner is told.</param>
/// <param name="HeldByBreaker">A lock was due and the breaker prevented it.</param>
public sealed record UsageConflict(Flag Flag, bool IsNewComputer, FlagStage? Reached, bool HeldByBreaker);
