using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>What a computer sends to prove that it holds the release secret of its activation.</summary>
/// <param name="UnixSeconds">The computer's clock.</param>
/// <param name="Mac">Lower-case hex (codes.md, device proof).</param>
internal sealed record DeviceRequest(string Handle, int Generation, string Nonce, long UnixSeconds, string Mac);

/// <summary>An activation whose release secret the caller holds, with what a check-in is decided by.</summary>
internal sealed record ProvenActivation
{
    public required Guid ActivationId { get; init; }
    public required Guid LicenseId { get; init; }
    public required string ProductId { get; init; }
    public required ActivationState State { get; init; }
    public required HardwareCode HardwareCode { get; init; }
    public required bool IsSettled { get; init; }
    public required LicenseState LicenseState { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required DateOnly? MaintenanceUntil { get; init; }
    public required DateTimeOffset? EndsAt { get; init; }
    public required DateTimeOffset? PausedUntil { get; init; }

    /// <summary>It goes on for some days although the license has moved, which it may not have been told yet.</summary>
    public required bool IsLeaving { get; init; }
    public required DateTimeOffset? SeenAt { get; init; }
    public required byte[] SealedReleaseSecret { get; init; }
}

/// <summary>
/// Finds the activation of a device request, in one query. An unknown handle and a wrong proof are one answer, and both are limited.
/// </summary>
internal sealed class ProvenActivations(
    NpgsqlDataSource database, ActivationSecretsFactory secrets, AttemptLimiter limiter, RateLimits limits)
{
    // The most frequent statement of the portal by far, so it goes to the driver directly: EF would add a fifth to the whole request.
    private const string ByHandle =
        """
        SELECT a.id, l.id, l.product_id, a.state, a.hardware_code, a.settled_at IS NOT NULL, l.state, l.expires_at,
            l.maintenance_until, s.seen_at, a.sealed_release_secret,
            a.ends_at, a.paused_until, coalesce(a.ends_as = 'Overlap', false)
        FROM activation a
        JOIN license l ON l.id = a.license_id
        LEFT JOIN activation_seen s ON s.activation_id = a.id
        WHERE a.handle = $1 AND a.generation = $2
        """;

    public async Task<Outcome<ProvenActivation>> FindAsync(
        DeviceRequest request, string purpose, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (DeviceProof.IsClockOff(request.UnixSeconds, now))
        {
            return Refusal.ClockSkew;
        }

        // Right proofs go through without touching the limiter; only who was wrong is counted, and refused once there is too much of it.
        if (await ProveAsync(request, purpose, cancellationToken) is { } proven)
        {
            var wait = limits.Request(caller.Address, now)
                ?? (purpose == DeviceProof.Check ? limits.CheckIn(proven.ActivationId, now) : null);
            return wait is null ? proven : new RefusalDetail(Refusal.TooManyTries, now + wait);
        }

        var counted = await limiter.TryAsync<ProvenActivation>(
            AttemptSubjects.ForDevice(caller.Address), () => Task.FromResult<ProvenActivation?>(null), now, cancellationToken);
        return counted.Allowed ? Refusal.Unknown : new RefusalDetail(Refusal.TooManyTries, counted.RetryAt);
    }

    private async Task<ProvenActivation?> ProveAsync(DeviceRequest request, string purpose, CancellationToken cancellationToken) =>
        Handles.TryParse(request.Handle, out var handle)
        && await ReadAsync(handle, request.Generation, cancellationToken) is { } found
        && DeviceProof.Verify(
            request.Mac, purpose, handle, request.Generation, request.Nonce, request.UnixSeconds,
            secrets.OpenRemembered(found.ActivationId, found.SealedReleaseSecret))
            ? found
            : null;

    private async Task<ProvenActivation?> ReadAsync(string handle, int generation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ByHandle);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = handle });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = generation });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new ProvenActivation
            {
                ActivationId = row.GetGuid(0),
                LicenseId = row.GetGuid(1),
                ProductId = row.GetString(2),
                State = Enum.Parse<ActivationState>(row.GetString(3)),
                HardwareCode = HardwareCodeConverter.Read(row.GetString(4)),
                IsSettled = row.GetBoolean(5),
                LicenseState = Enum.Parse<LicenseState>(row.GetString(6)),
                ExpiresAt = row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
                MaintenanceUntil = row.IsDBNull(8) ? null : row.GetFieldValue<DateOnly>(8),
                SeenAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
                SealedReleaseSecret = row.GetFieldValue<byte[]>(10),
                EndsAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
                PausedUntil = row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
                IsLeaving = row.GetBoolean(13),
            }
            : null;
    }
}
