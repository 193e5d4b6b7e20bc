namespace SelfHelpPortal.Licensing.CheckIn;

/// <summary>An emergency code that was handed out: for these hours one computer of a locked license goes on.</summary>
public sealed class EmergencyGrant
{
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(72);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LicenseId { get; init; }
    public required Guid ActivationId { get; init; }

    /// <summary>In UTC, as the computer counts that is given the code. One code a license and year.</summary>
    public required int Year { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }
    public required DateTimeOffset ValidUntil { get; init; }

    public bool Runs(DateTimeOffset now) => now < ValidUntil;
}

/// <param name="IsRepetition">It was handed out before; nothing was changed now.</param>
public readonly record struct EmergencyGranted(EmergencyGrant Grant, bool IsRepetition);
