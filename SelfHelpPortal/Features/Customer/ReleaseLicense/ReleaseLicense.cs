using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>What the confirm page sends.</summary>
/// <param name="Code">The verification code an offline PC showed; with it the release is proven.</param>
/// <param name="GoesOn">The seat is to be free, and the computer goes on for the days that the product allows.</param>
internal sealed record ReleaseChoice(Guid? Activation, VerificationCode? Code, string? Reason, bool GoesOn = false);

/// <summary>
/// Releases a license by its key, with or without a verification code: the acting half of the confirm page. The request remembers its
/// result, so sending the page again shows the same.
/// </summary>
internal sealed class ReleaseLicense(
    IDbContextFactory<PortalDbContext> contexts,
    ProductCatalog products,
    ActivationSecretsFactory secrets,
    ReleaseRecorder recorder,
    ShowRelease show,
    AttemptLimiter limiter,
    IOptions<AttemptLimiterOptions> limits,
    Outbox outbox,
    PublicAddress address,
    EndComputers ends)
{
    /// <summary>Null when there is no such request.</summary>
    public async Task<ReleaseView?> ExecuteAsync(
        string token, ReleaseChoice choice, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var link = await SecretLinks.FindAsync(db, LinkPurpose.ReleaseRequest, token, now, cancellationToken);
        if (link is not { State: not LinkState.Expired })
        {
            return null;
        }

        var licenseId = await db.Set<ReleaseRequest>().Where(r => r.Id == link.RecordId).Select(r => r.LicenseId)
            .SingleAsync(cancellationToken);
        var proven = choice.Code is { } code ? await ByCodeAsync(licenseId, code, now, cancellationToken) : default(Outcome<Guid>?);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(licenseId, cancellationToken)
            ?? throw new MissingRowException("License", licenseId, "a release request");
        var request = await db.Set<ReleaseRequest>().SingleAsync(r => r.Id == link.RecordId, cancellationToken);
        var refused = request.MayAct(now) ? await ActAsync(db, license, request, choice, proven, caller, now, cancellationToken) : null;
        if (refused is null)
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        var view = await show.ViewAsync(db, license, request, now, cancellationToken);
        return refused is { } why
            ? view with { Outcome = ReleaseOutcomes.From(why.Refusal), NextAllowedAt = why.NextAllowedAt, CaseNumber = why.CaseNumber }
            : view;
    }

    /// <summary>Null when something was done that is to be kept.</summary>
    private async Task<RefusalDetail?> ActAsync(
        PortalDbContext db, License license, ReleaseRequest request, ReleaseChoice choice, Outcome<Guid>? proven, Caller caller,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (proven is { Succeeded: false } wrong)
        {
            // A license that is locked or frozen says so, whatever code was typed.
            var standing = license.ComputerToRelease(choice.Activation);
            return standing is { Succeeded: false, Refused.Refusal: not (Refusal.ChooseComputer or Refusal.NotActive) }
                ? standing.Refused
                : wrong.Refused;
        }

        var means = license.ComputerToRelease(proven?.Value ?? choice.Activation);
        if (!means.Succeeded)
        {
            return means.Refused;
        }

        request.Reason = choice.Reason;
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await ends.EndOverdueAsync(db, license, product, now, cancellationToken);
        var method = proven is null ? ReleaseMethod.ActivationKey : ReleaseMethod.VerificationCode;

        // Whoever has a code has seen the software give up the license, so there is nothing that could go on.
        request.GoesOnUntil = choice.GoesOn && proven is null && product.Policies.OffersOverlap
            ? await show.EndOfOverlapAsync(db, license, product, now, cancellationToken)
            : null;
        var outcome = license.Release(means.Value, method, product.Policies.Release, now, goesOnUntil: request.GoesOnUntil);
        if (outcome.Succeeded)
        {
            request.Decide(outcome.Value.IsRepetition ? ReleaseOutcome.AlreadyReleased : ReleaseOutcome.Released, means.Value.Id, now);
            if (!outcome.Value.IsRepetition)
            {
                await recorder.RecordAsync(
                    db, license, means.Value, caller.As(ActorKind.Customer), choice.Reason, confirmedByMail: false, now, cancellationToken);
            }

            return null;
        }

        return outcome.Refused.Refusal == Refusal.ConfirmByMail
            ? await AskOwnerAsync(db, license, means.Value, request, now, cancellationToken)
            : outcome.Refused;
    }

    private async Task<RefusalDetail?> AskOwnerAsync(
        PortalDbContext db, License license, Activation activation, ReleaseRequest request, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (request.MailedAt is not null)
        {
            return null;
        }

        // Of a customer who was erased there is no address to ask at: that is for people.
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        if (customer.ErasedAt is not null)
        {
            return new RefusalDetail(Refusal.Conflict);
        }

        // Counted by the requests themselves, which are locked here: whoever asks has the key, so no stranger's wish is among them.
        var limit = limits.Value.Mails.ReleaseConfirm;
        var begin = now.AddMinutes(-limit.Minutes);
        var recent = await db.Set<ReleaseRequest>()
            .Where(r => r.LicenseId == license.Id && r.MailedAt > begin).Select(r => r.MailedAt).ToListAsync(cancellationToken);
        if (recent.Count >= limit.PerAsker)
        {
            return new RefusalDetail(Refusal.TooManyTries, recent.Min()!.Value.AddMinutes(limit.Minutes));
        }

        request.Mailed(activation.Id, now);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var lifetime = LinkPurpose.ReleaseConfirm.Lifetime;
        var token = SecretLinks.Issue(db, LinkPurpose.ReleaseConfirm, request.Id, now, lifetime);
        await outbox.EnqueueAsync(
            db,
            new ReleaseConfirmMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                RequestId = request.Id,
                Product = product.Name,
                LicenseNumber = license.Number,
                PcName = activation.PcName,
                AskedAt = now,
                Link = new OneTimeLink(address.For($"/release/confirm/{token}"), now + lifetime),
            },
            now,
            cancellationToken);
        return null;
    }

    /// <summary>Which activation a verification code belongs to, active ones first; wrong ones are limited by license.</summary>
    private async Task<Outcome<Guid>> ByCodeAsync(
        Guid licenseId, VerificationCode code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await limiter.TryAsync(
            [AttemptSubjects.VerificationCode(licenseId)],
            async () =>
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                var activations = await db.Activations.AsNoTracking().Where(a => a.LicenseId == licenseId).ToListAsync(cancellationToken);
                return activations.OrderByDescending(a => a.IsActive).ThenByDescending(a => a.ActivatedAt)
                    .FirstOrDefault(a => code.Matches(secrets.Open(a), a.Handle, a.Generation));
            },
            now,
            cancellationToken);
        return !result.Allowed ? new RefusalDetail(Refusal.TooManyTries, result.RetryAt)
            : result.Value is { } activation ? activation.Id
            : Refusal.WrongCode;
    }
}
