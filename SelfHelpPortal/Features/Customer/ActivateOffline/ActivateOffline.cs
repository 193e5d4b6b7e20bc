using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ActivateOffline;

/// <summary>
/// Activates a computer without internet for somebody who brings its hardware code and the key: the same act as the API's, behind a page of
/// its own that can be opened again. The page asks the license what came of it, so nothing can get out of step.
/// </summary>
internal sealed class ActivateOffline(
    IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys, ProductCatalog products, ActivationSecretsFactory secrets,
    ActivateLicense activate, LicenseFiles files,
    OpenRelease release, AttemptLimiter limiter)
{
    /// <inheritdoc cref="KeyLookUp.MistypedAsync"/>
    public Task<CodeProblem?> MistypedAsync(string? typedKey, CancellationToken cancellationToken) =>
        keys.MistypedAsync(typedKey, cancellationToken);

    /// <summary>Finds the license, opens the page and tries at once.</summary>
    public async Task<BegunActivation> BeginAsync(
        string? typedKey, HardwareInput input, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindAsync(typedKey, caller, now, cancellationToken);
        if (answer is not KeyAnswer.Found found)
        {
            return new BegunActivation(null, answer);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var productId = await db.Licenses.Where(l => l.Id == found.LicenseId).Select(l => l.ProductId).SingleAsync(cancellationToken);
        if (input.File is { } file && file.Product != productId)
        {
            return new BegunActivation(null, answer) { OtherProduct = (await products.GetAsync(db, productId, cancellationToken)).Name };
        }

        if (await limiter.RecordFailureAsync(
            [AttemptSubjects.DraftFor(LinkPurpose.ActivationRequest, found.LicenseId)], now, cancellationToken)
            is { Allowed: false } refused)
        {
            return new BegunActivation(null, new KeyAnswer.TooManyTries(refused.RetryAt));
        }

        var computer = input.Computer;
        var request = new ActivationRequest
        {
            LicenseId = found.LicenseId,
            HardwareCode = computer.HardwareCode.ToString(),
            PcName = computer.PcName,
            AppVersion = computer.AppVersion,
            CreatedAt = now,
        };
        db.Add(request);
        var token = SecretLinks.Issue(db, LinkPurpose.ActivationRequest, request.Id, now);
        await db.SaveChangesAsync(cancellationToken);
        await ActAsync(request, caller, now, cancellationToken);
        return new BegunActivation(token, answer);
    }

    /// <summary>
    /// Tries again, after a seat became free. What came of it, <see cref="ShowAsync"/> tells. False when there is no such page.
    /// </summary>
    public async Task<bool> ExecuteAsync(string token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return false;
        }

        await ActAsync(found.Request, caller, now, cancellationToken);
        return true;
    }

    /// <summary>
    /// The address of the page that releases one of the computers in the way and then leads back; null when there is no such page.
    /// </summary>
    public async Task<Begun?> ReleaseAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, token, now, cancellationToken) is { } found
            ? OpenRelease.PathOf(
                await release.OpenAsync(found.Request.LicenseId,
                    AttemptSubjects.DraftFor(LinkPurpose.ReleaseRequest, found.Request.LicenseId), now, cancellationToken), token)
            : null;
    }

    /// <summary>What the page shows; it changes nothing. Null when there is no such page.</summary>
    public async Task<ActivationView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return null;
        }

        var license = await db.LoadLicenseAsync(found.Request.LicenseId, cancellationToken)
            ?? throw new InvalidOperationException("A request outlives no license.");
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var view = new ActivationView
        {
            Outcome = ActivationOutcome.Ready,
            ProductName = product.Name,
            LicenseNumber = license.Number,
            KeyLastFive = license.Key.LastFive,
            Seats = license.Seats,
            PcName = found.Request.PcName,
            HardwareBegins = found.Request.HardwareCode[..11],
            Until = found.ExpiresAt,
        };

        var made = MadeFor(found.Request, license);

        // Asked, not done: nothing is saved.
        var outcome = license.Activate(found.Request.Computer, secrets.Make(), product.Policies.Hardware, now);
        if (!outcome.Succeeded)
        {
            return view with
            {
                Outcome = ActivationOutcomes.From(outcome.Refused.Refusal),
                CaseNumber = outcome.Refused.CaseNumber,
                ReadableParts = outcome.Refused.ReadableParts,
                InUse = outcome.Refused.Refusal == Refusal.TooManyActivations
                    ? await ComputersInUse.GetAsync(db, license, cancellationToken)
                    : [],
            };
        }

        var activation = outcome.Value is { IsNew: false, Replaced: null } known ? known.Activation : made;
        return activation is not null && await files.LatestAsync(db, activation.Id, cancellationToken) is { } file
            ? view with
            {
                Outcome = ActivationOutcome.Activated,
                PcName = activation.PcName,
                ActivatedAt = activation.ActivatedAt,
                File = file
            }
            : view;
    }

    /// <summary>Once a day: what nobody can open any more needs not be kept.</summary>
    public async Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var closed = (now - LinkPurpose.ActivationRequest.Lifetime).ToUniversalTime();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<ActivationRequest>().Where(r => r.CreatedAt <= closed).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// The activation that this page has made, while it is active. A code with few parts is never answered by an activation that was there
    /// before, for it may be another computer's.
    /// </summary>
    private static Activation? MadeFor(ActivationRequest request, License license) =>
        license.Activations
            .Where(a => a.HardwareCode == request.Computer.HardwareCode && a.ActivatedAt >= request.CreatedAt)
            .MinBy(a => a.ActivatedAt) is { IsActive: true } made ? made : null;

    private static async Task<(ActivationRequest Request, DateTimeOffset ExpiresAt)?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.ActivationRequest, token, now, cancellationToken);
        return link is { State: LinkState.Valid }
            && await db.Set<ActivationRequest>().AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == link.RecordId, cancellationToken) is { } request
            ? (request, link.ExpiresAt)
            : null;
    }

    private Task ActAsync(ActivationRequest request, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) =>
        activate.ExecuteAsync(
        request.LicenseId,
        new ActivateRequest(null, null, request.Computer) { IsOffline = true },
        caller.As(ActorKind.Customer),
        now,
        cancellationToken);
}

/// <param name="Token">Of the activation's page; null when there is none, and then <paramref name="Answer"/> or <see cref="OtherProduct"/>
/// says why.</param>
internal sealed record BegunActivation(string? Token, KeyAnswer Answer)
{
    /// <summary>The file comes from another product than this, the key's.</summary>
    public string? OtherProduct { get; init; }
}
