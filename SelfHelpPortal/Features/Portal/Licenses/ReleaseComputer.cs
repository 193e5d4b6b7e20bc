using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>That a computer is released, now or before.</summary>
/// <param name="GoesOn">It has only given up its seat.</param>
internal sealed record ReleasedComputer(bool IsRepetition, bool GoesOn);

/// <summary>
/// Releases a computer for somebody who is signed in, by the same rule as with the key. Where the product asks the owner first, an owner's
/// sign-in is the confirmation; a member's is not.
/// </summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class ReleaseComputer(
    CustomerActs acts, IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, ReleaseRecorder recorder, ShowRelease show,
    EndComputers ends)
{
    /// <summary>What has come of it or would come of it, without doing it; null when there is no such computer for this person.</summary>
    public async Task<ReleaseView?> ShowAsync(
        CustomerActor actor, string number, Guid computer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnLicense.FindAsync(db, actor, typeof(ReleaseComputer), number, cancellationToken) is not { } own
            || await db.LoadLicenseAsync(own.Id, cancellationToken) is not { } license
            || license.Activations.SingleOrDefault(a => a.Id == computer) is not { } activation)
        {
            return null;
        }

        var view = await show.AskAsync(db, license, now, cancellationToken);
        var line = await ShowRelease.LineAsync(db, activation, cancellationToken);
        view = view
            with
        {
            Computers =
                [line with { Name = own.IsByKey ? PcNames.Masked(activation.OwnName ?? activation.PcName) : activation.OwnName
                    ?? activation.PcName }]
        };
        if (!activation.IsActive)
        {
            return activation.State == ActivationState.Excluded
                ? view with { Outcome = ReleaseOutcome.AskSupport }
                : view with
                {
                    Outcome = activation.ReleasedBy == ReleaseMethod.Account ? ReleaseOutcome.Released : ReleaseOutcome.AlreadyReleased,
                    At = activation.EndedAt,
                    Method = activation.ReleasedBy,
                };
        }

        // Tried on what was only loaded: nothing of it is saved.
        var tried = license.Release(activation, ReleaseMethod.Account, view.Policy!, now, confirmed: own.IsOwner);
        return tried.Succeeded ? view : view with
        {
            Outcome = ReleaseOutcomes.From(tried.Refused.Refusal),
            NextAllowedAt = tried.Refused.NextAllowedAt,
            CaseNumber = tried.Refused.CaseNumber,
        };
    }

    /// <summary>What refuses it by the rules is <see cref="CustomerRefusal.Conflict"/>: the page shows why.</summary>
    /// <param name="goesOn">The seat is to be free, and the computer goes on for the days that the product allows.</param>
    public async Task<CustomerAnswer<ReleasedComputer>> ExecuteAsync(
        CustomerAct act, string number, Guid computer, bool goesOn, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnLicense.FindAsync(db, act.Actor, typeof(ReleaseComputer), number, cancellationToken) is { } own
            ? await acts.RunAsync(
                typeof(ReleaseComputer), act, own, new { computer, goesOn }, transaction =>
                    ReleaseAsync(transaction, act.Actor, own, computer, goesOn, now, cancellationToken), now, cancellationToken)
            : CustomerRefusal.NotFound;
    }

    private async Task<CustomerAnswer<ReleasedComputer>> ReleaseAsync(
        PortalDbContext db, CustomerActor actor, OwnLicense own, Guid computer, bool goesOn, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (await db.LockLicenseAsync(own.Id, cancellationToken) is not { } license
            || license.Activations.SingleOrDefault(a => a.Id == computer) is not { } activation)
        {
            return CustomerRefusal.NotFound;
        }

        // The gate holds the membership, so this is how it stands until the commit.
        var isOwner = await Customers.For(db, actor, CustomerRole.Owner).AnyAsync(c => c.Id == license.CustomerId, cancellationToken);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await ends.EndOverdueAsync(db, license, product, now, cancellationToken);
        DateTimeOffset? goesOnUntil = goesOn && product.Policies.OffersOverlap
            ? await show.EndOfOverlapAsync(db, license, product, now, cancellationToken)
            : null;
        var outcome = license.Release(activation, ReleaseMethod.Account, product.Policies.Release, now, isOwner, goesOnUntil);
        if (!outcome.Succeeded)
        {
            return CustomerRefusal.Conflict;
        }

        if (!outcome.Value.IsRepetition)
        {
            await recorder.RecordAsync(
                db, license, activation, actor.AsActor(), reason: null, confirmedByMail: false, now, cancellationToken);
        }

        return new ReleasedComputer(outcome.Value.IsRepetition, activation.IsActive);
    }
}
