using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>
/// The owner confirms a release by the link in the mail. Opening the link shows; the button acts, and asks for the last five symbols of
/// the key, which a mail scanner does not have.
/// </summary>
internal sealed class ConfirmRelease(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, ReleaseRecorder recorder, ShowRelease show,
    AttemptLimiter limiter, LocalTimes times)
{
    /// <summary>What the page shows when it is opened; null when the link is none of ours.</summary>
    public async Task<ReleaseView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await FindAsync(db, token, now, cancellationToken);
        if (found is not { } request)
        {
            return null;
        }

        var license = await db.LoadLicenseAsync(request.Request.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", request.Request.LicenseId, "a release request");
        return await ViewAsync(db, license, request.Request, request.Link, now, cancellationToken);
    }

    public async Task<ReleaseView?> ExecuteAsync(
        string token, string? lastFive, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return null;
        }

        var attempt = await limiter.TryAsync(
            [AttemptSubjects.LastFive(found.Request.Id)], () =>
                MatchesAsync(found.Request.LicenseId, lastFive, cancellationToken), now, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(found.Request.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", found.Request.LicenseId, "a release request");
        var request = await db.Set<ReleaseRequest>().SingleAsync(r => r.Id == found.Request.Id, cancellationToken);
        var before = await ViewAsync(db, license, request, found.Link, now, cancellationToken);
        if (before.Outcome != ReleaseOutcome.Confirm)
        {
            return before;
        }

        if (!attempt.Allowed)
        {
            return before with { Outcome = ReleaseOutcome.TooManyTries, NextAllowedAt = attempt.RetryAt };
        }

        if (attempt.Value is null)
        {
            return before with { Outcome = ReleaseOutcome.WrongCode };
        }

        var activation = license.Activations.Single(a => a.Id == request.ActivationId);
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.Release;
        var outcome = license.Release(
            activation, ReleaseMethod.ActivationKey, policy, now, confirmed: true, request.GoesOnUntil);
        if (!outcome.Succeeded)
        {
            return before with
            {
                Outcome = ReleaseOutcomes.From(outcome.Refused.Refusal),
                NextAllowedAt = outcome.Refused.NextAllowedAt,
                CaseNumber = outcome.Refused.CaseNumber,
            };
        }

        request.Decide(outcome.Value.IsRepetition ? ReleaseOutcome.AlreadyReleased : ReleaseOutcome.Released, activation.Id, now);
        if (!outcome.Value.IsRepetition)
        {
            await recorder.RecordAsync(
                db, license, activation, caller.As(ActorKind.Customer), request.Reason, confirmedByMail: true, now, cancellationToken);
        }

        await SecretLinks.UseAsync(db, found.Link, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await show.ViewAsync(db, license, request, now, cancellationToken);
    }

    private static async Task<(FoundLink Link, ReleaseRequest Request)?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.ReleaseConfirm, token, now, cancellationToken);
        return link is null
            ? null
            : (link, await db.Set<ReleaseRequest>().AsNoTracking().SingleAsync(r => r.Id == link.RecordId, cancellationToken));
    }

    private async Task<ReleaseView> ViewAsync(
        PortalDbContext db, License license, ReleaseRequest request, FoundLink link, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var view = await show.ViewAsync(db, license, request, now, cancellationToken);
        if (request.Outcome is not null)
        {
            return view;
        }

        // Until the owner decides, this page asks where the customer's page says "mail sent".
        var activation = license.Activations.Single(a => a.Id == request.ActivationId);
        return view with
        {
            Outcome = link.State == LinkState.Valid ? ReleaseOutcome.Confirm : ReleaseOutcome.Expired,
            GoesOnUntil = request.GoesOnUntil is { } end
                ? times.LastDayOf(end, await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken))
                : null,
            Computers = [new ComputerLine(activation.Id, activation.PcName, activation.ActivatedAt, null)],
        };
    }

    private async Task<object?> MatchesAsync(Guid licenseId, string? lastFive, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var expected = await db.Licenses.Where(l => l.Id == licenseId).Select(l => l.Key.LastFive).SingleAsync(cancellationToken);
        var typed = Licensing.Codes.CodeAlphabet.Normalize(lastFive ?? "");
        return string.Equals(typed, Licensing.Codes.CodeAlphabet.Normalize(expected), StringComparison.Ordinal) ? expected : null;
    }
}
