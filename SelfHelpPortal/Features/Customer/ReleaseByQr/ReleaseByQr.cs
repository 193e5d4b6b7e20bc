using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ReleaseByQr;

internal enum QrOutcome
{
    /// <summary>The license can be released; nothing has happened yet.</summary>
    Ready,
    Released,
    AlreadyReleased,
    Locked,

    /// <summary>The license was activated again a short time ago, so the link does not count as proof yet.</summary>
    ProofNotYet,

    /// <summary>Suspended, ended or frozen: only staff can help.</summary>
    AskSupport,

    /// <summary>Incomplete, mistyped or forged: all the same.</summary>
    InvalidLink,
    TooManyTries,
}

/// <param name="LastFour">The end of the link, which the PC shows under the QR code as well.</param>
internal sealed record QrView(
    QrOutcome Outcome, string? ProductName = null, string? LicenseNumber = null, string? KeyLastFive = null, string? PcName = null,
    string? LastFour = null,
    DateTimeOffset? At = null, string? CaseNumber = null);

/// <summary>
/// The link under the QR code that an offline computer shows after it gave up its license. Opening it shows, a POST releases, and a
/// repetition shows the first result.
/// </summary>
internal sealed class ReleaseByQr(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, ActivationSecretsFactory secrets, ReleaseRecorder recorder,
    AttemptLimiter limiter)
{
    /// <summary>What a GET shows. It writes nothing, so it counts no wrong link either: 80 bits are not guessed by opening pages.</summary>
    public async Task<QrView> ShowAsync(string? token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!ReleaseLink.TryParse(token, out var link) || await FindAsync(link, cancellationToken) is not { } proof)
        {
            return new QrView(QrOutcome.InvalidLink);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var license = await db.LoadLicenseAsync(proof.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", proof.LicenseId, "an activation");
        return await ViewAsync(db, license, proof, now, cancellationToken);
    }

    public async Task<QrView> ExecuteAsync(string? token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (proof, refused) = await ProveAsync(token, caller, now, cancellationToken);
        if (proof is null)
        {
            return refused!;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(proof.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", proof.LicenseId, "an activation");
        var activation = license.Activations.Single(a => a.Id == proof.ActivationId);
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.Release;
        var outcome = license.Release(activation, ReleaseMethod.QrCode, policy, now);
        if (outcome is { Succeeded: true, Value.IsRepetition: false })
        {
            await recorder.RecordAsync(
                db, license, activation, caller.As(ActorKind.Customer), reason: null, confirmedByMail: false, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await ViewAsync(db, license, proof, now, cancellationToken);
    }

    private async Task<(Proof? Proof, QrView? Refused)> ProveAsync(
        string? token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!ReleaseLink.TryParse(token, out var link))
        {
            return (null, new QrView(QrOutcome.InvalidLink));
        }

        var result = await limiter.HitFirstAsync(
            AttemptSubjects.ForLink(caller.Address), () => FindAsync(link, cancellationToken), null, now, cancellationToken);
        return !result.Allowed ? (null, new QrView(QrOutcome.TooManyTries, At: result.RetryAt))
            : result.Value is { } proof ? (proof, null)
            : (null, new QrView(QrOutcome.InvalidLink));
    }

    private async Task<Proof?> FindAsync(ReleaseLink link, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var activation = await db.Activations.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Handle == link.Handle && a.Generation == link.Generation, cancellationToken);
        return activation is not null && link.Verify(secrets.Open(activation))
            ? new Proof(activation.LicenseId, activation.Id, link.LastFour)
            : null;
    }

    private async Task<QrView> ViewAsync(
        PortalDbContext db, License license, Proof proof, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var activation = license.Activations.Single(a => a.Id == proof.ActivationId);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var view = new QrView(QrOutcome.Ready, product.Name, license.Number, license.Key.LastFive, activation.PcName, proof.LastFour);
        if (!activation.IsActive)
        {
            // What this link did is shown the same way however often it is opened.
            return view with
            {
                Outcome = activation.ReleasedBy == ReleaseMethod.QrCode ? QrOutcome.Released : QrOutcome.AlreadyReleased,
                At = activation.EndedAt
            };
        }

        var standing = license.ComputerToRelease(activation.Id);
        return standing.Succeeded
            ? license.WithProof(activation, product.Policies.Release, now) is { } notYet
            ? view with { Outcome = QrOutcome.ProofNotYet, At = notYet.NextAllowedAt }
            : view
            : standing.Refused.Refusal == Refusal.Locked
            ? view with { Outcome = QrOutcome.Locked, CaseNumber = standing.Refused.CaseNumber }
            : view with { Outcome = QrOutcome.AskSupport, CaseNumber = standing.Refused.CaseNumber };
    }

    private sealed record Proof(Guid LicenseId, Guid ActivationId, string LastFour);
}
