using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Machine.CheckIn;

internal sealed record CheckInRequest(DeviceRequest Device, HardwareCode HardwareCode, string? AppVersion);

/// <param name="ValidUntil">For <see cref="CheckInCode.ValidGrace"/>: until when.</param>
/// <param name="License">A newer license file, when there is one.</param>
/// <param name="IsBridged">Only an emergency code lets the computer go on.</param>
internal sealed record CheckInResult(
    CheckInCode Code, CheckInPolicy Policy, DateOnly? MaintenanceUntil, DateTimeOffset? ValidUntil = null, string? CaseNumber = null,
    string? License = null, bool IsBridged = false)
{
    /// <summary>When the computer's use ends or has ended by itself.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Until when the license is lent to another computer instead.</summary>
    public DateTimeOffset? PausedUntil { get; init; }
}

/// <summary>
/// Answers whether the licensed software may go on. The usual case, an active computer that has not changed, is one query and takes no
/// lock; everything that may change something is decided again under the lock of the license, by the same rule.
/// </summary>
internal sealed class CheckInComputer(
    IDbContextFactory<PortalDbContext> contexts,
    ProvenActivations proven,
    ProductCatalog products,
    LicenseIssuer issuer,
    UsageConflictHandler sightings)
{
    private static readonly TimeSpan SeenResolution = TimeSpan.FromHours(1);

    public async Task<Outcome<CheckInResult>> ExecuteAsync(
        CheckInRequest request, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var proof = await proven.FindAsync(request.Device, DeviceProof.Check, caller, now, cancellationToken);
        if (!proof.Succeeded)
        {
            return proof.Refused;
        }

        var found = proof.Value;
        var product = await products.GetAsync(found.ProductId, cancellationToken);
        var policies = product.Policies;
        var facts = new CheckInFacts
        {
            License = found.LicenseState,
            ExpiresAt = found.ExpiresAt,
            Activation = found.State,
            EndsAt = found.EndsAt,
            PausedUntil = found.PausedUntil,
            ComputerLocked = found.IsSettled,
            SeatTakenByAnother = false,
            Hardware = found.HardwareCode.MatchNow(request.HardwareCode, policies.Hardware.Points),
            EmergencyUntil = null,
        };
        var code = facts.Decide(now, policies.CheckIn.GraceDays);

        if (found.SeenAt is not { } seen || now - seen >= SeenResolution)
        {
            await SeeAsync(found.ActivationId, now, cancellationToken);
        }

        // One that is leaving gets a license file with its end, so that it keeps to it without internet, too.
        var needsFile = code == CheckInCode.ValidDrift || (found.IsLeaving && code.IsValid());
        if (found.State == ActivationState.Active && found.LicenseState == LicenseState.Active && !needsFile)
        {
            return new CheckInResult(code, policies.CheckIn, found.MaintenanceUntil, facts.GraceEnds(now, policies.CheckIn.GraceDays))
            {
                EndsAt = found.EndsAt,
                PausedUntil = found.PausedUntil > now ? found.PausedUntil : null,
            };
        }

        return await DecideAsync(request, found, product, caller, now, cancellationToken);
    }

    private async Task<CheckInResult> DecideAsync(
        CheckInRequest request, ProvenActivation found, Product product, Caller caller, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var policies = product.Policies;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(found.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", found.LicenseId, "an activation");
        var named = license.Activations.Single(a => a.Id == found.ActivationId);
        var signedAt = DateTimeOffset.FromUnixTimeSeconds(request.Device.UnixSeconds);

        // The owner objected to the release: the computer has the license again, as a new generation that it hears of now.
        var restored = RestoredAs(license, named);
        var activation = restored ?? named;
        await sightings.RecordAsync(db, license, activation, request.HardwareCode, signedAt, product, caller, now, cancellationToken);
        var facts = license.FactsOf(activation, request.HardwareCode, policies.Hardware);
        var code = facts.Decide(now, policies.CheckIn.GraceDays);
        string? file = null;
        if (code == CheckInCode.ValidDrift)
        {
            activation.HardwareCode = request.HardwareCode;
        }

        if (code == CheckInCode.ValidDrift || (code.IsValid() && (restored is not null || activation.EndsAs == EndKind.Overlap)))
        {
            file = issuer.Write(license, activation, product, await CustomerNameAsync(db, license, cancellationToken), now);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var caseNumber = code == CheckInCode.LockedIllegal ? await CaseOfAsync(db, license, activation, cancellationToken) : null;
        return new CheckInResult(
            code, policies.CheckIn, license.MaintenanceUntil, facts.GraceEnds(now, policies.CheckIn.GraceDays), caseNumber, file,
            facts.IsBridged(now))
        {
            EndsAt = activation.IsActive || activation.RanOut ? activation.EndsAt : null,
            PausedUntil = activation.IsPaused(now) ? activation.PausedUntil : null,
        };
    }

    private static Activation? RestoredAs(License license, Activation activation) =>
        license.State == LicenseState.Active && activation.RestoredAsId is { } id
            && license.Activations.Single(a => a.Id == id) is { IsActive: true } restored
            ? restored
            : null;

    /// <summary>The open case, or for a computer whose case is settled that one.</summary>
    private static async Task<string?> CaseOfAsync(
        PortalDbContext db, License license, Activation activation, CancellationToken cancellationToken) =>
        license.OpenFlag(FlagKind.Sighting)?.Number
        ?? await db.Flags.Where(f => f.Computers.Any(c => c.ActivationId == activation.Id)).OrderByDescending(f => f.OpenedAt)
            .Select(f => f.Number).FirstOrDefaultAsync(cancellationToken);

    private static Task<string> CustomerNameAsync(PortalDbContext db, License license, CancellationToken cancellationToken) =>
        db.Customers.Where(c => c.Id == license.CustomerId).Select(c => c.Company).SingleAsync(cancellationToken);

    private async Task SeeAsync(Guid activationId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var at = now.ToUniversalTime();
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO activation_seen (activation_id, seen_at) VALUES ({activationId}, {at})
             ON CONFLICT (activation_id) DO UPDATE SET seen_at = EXCLUDED.seen_at WHERE activation_seen.seen_at < EXCLUDED.seen_at
             """,
            cancellationToken);
    }
}
