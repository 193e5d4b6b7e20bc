using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

/// <summary>What whoever has to agree is shown.</summary>
/// <param name="IsTaker">The company that takes over; else the present licensee.</param>
/// <param name="Present">What is on file now; null for the company that takes over, which it does not concern.</param>
/// <param name="Quote">Of whoever pays; null for a licensee who hands over.</param>
internal sealed record AgreementView(
    OwnerChange Change, bool IsTaker, bool IsOpen, Product Product, string LicenseNumber, Licensing.Customer? Present,
    OwnerChangeQuote? Quote, OwnerDocumentFacts? Document);

internal enum AgreeOutcome
{
    Done,

    /// <summary>Price or tax are not the ones that were shown.</summary>
    Changed,

    /// <summary>A consumer who pays has not asked for the service before the withdrawal period ends.</summary>
    NotAgreed,

    /// <summary>The link or the case is over; its page says how it stands.</summary>
    Over,
}

/// <summary>The licensee agrees at the address on file, then the company that takes over; or one of them does not want it.</summary>
internal sealed class AgreeToOwnerChange(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, OwnerChangePricing pricing, OwnerChangeMailer mailer,
    IOptions<VendorOptions> vendor)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<AgreementView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        var change = await db.OwnerChanges.AsNoTracking().SingleAsync(c => c.Id == link.RecordId, cancellationToken);
        var isTaker = link.Purpose == LinkPurpose.TakerConfirm;
        var product = await products.GetAsync(db, change.ProductId, cancellationToken);
        return new AgreementView(
            change,
            isTaker,
            IsOpen(change, isTaker),
            product,
            await db.Licenses.Where(l => l.Id == change.LicenseId).Select(l => l.Number).SingleAsync(cancellationToken),
            isTaker ? null : await db.Customers.AsNoTracking().SingleAsync(c => c.Id == change.CustomerId, cancellationToken),
            Pays(change, isTaker)
                ? await pricing.QuoteAsync(db, product, change.Kind, change.Licensee, change.Language, now, cancellationToken)
                : null,
            await OwnerDocumentFacts.ReadAsync(db, change.Id, cancellationToken));
    }

    /// <param name="shown">As <see cref="OwnerChangeQuote.Shown"/> said it on the page.</param>
    /// <param name="earlyStart">A consumer asks for it before the withdrawal period ends.</param>
    public Task<AgreeOutcome> ExecuteAsync(
        string token, string? shown, bool earlyStart, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(
        token,
        "Agree",
        async (db, change, isTaker) =>
        {
            OwnerChangeQuote? quote = null;
            bool? wanted = null;
            if (Pays(change, isTaker))
            {
                var product = await products.GetAsync(db, change.ProductId, cancellationToken);
                quote = await pricing.QuoteAsync(db, product, change.Kind, change.Licensee, change.Language, now, cancellationToken);
                if (quote.Shown != shown)
                {
                    return (AgreeOutcome.Changed, null);
                }

                if (!quote.IsFree && EarlyStart.IsAsked(vendor.Value, change.Licensee.IsConsumer))
                {
                    if (!earlyStart)
                    {
                        return (AgreeOutcome.NotAgreed, null);
                    }

                    wanted = true;
                }
            }

            var agreed = isTaker ? change.TakerAgrees(quote?.Price, now) : change.OwnerAgrees(quote?.Price, now);
            if (agreed.Succeeded && change.WaitsForTaker)
            {
                await mailer.AskToAgreeAsync(db, change, now, cancellationToken);
            }
            else if (agreed.Succeeded)
            {
                await mailer.TellStaffAsync(db, change, now, cancellationToken);
            }

            return (agreed.Succeeded ? AgreeOutcome.Done : AgreeOutcome.Over, wanted);
        },
        caller,
        now,
        cancellationToken);

    /// <summary>Nothing changes, and nobody is asked again.</summary>
    public Task<AgreeOutcome> RefuseAsync(string token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(
        token,
        "Refuse",
        (_, change, _) => Task.FromResult((change.Withdraw(now).Succeeded ? AgreeOutcome.Done : AgreeOutcome.Over, (bool?)null)),
        caller,
        now,
        cancellationToken);

    private async Task<AgreeOutcome> RunAsync(
        string token, string act, Func<PortalDbContext, OwnerChange, bool, Task<(AgreeOutcome Outcome, bool? EarlyStart)>> decide,
        Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } link
            || await db.LockOwnerChangeAsync(link.RecordId, cancellationToken) is not { } change
            || !IsOpen(change, link.Purpose == LinkPurpose.TakerConfirm)

            // The license may have gone to somebody else by another case: then this licensee has nothing to agree to.
            || !await db.Licenses.AnyAsync(l => l.Id == change.LicenseId && l.CustomerId == change.CustomerId, cancellationToken))
        {
            return AgreeOutcome.Over;
        }

        var before = change.State;
        var isTaker = link.Purpose == LinkPurpose.TakerConfirm;
        var (outcome, wanted) = await decide(db, change, isTaker);
        if (outcome == AgreeOutcome.Done)
        {
            await OwnerChangeEvents.AppendAsync(
                db, change, before, (isTaker ? "Taker" : "Owner") + act, caller.As(ActorKind.Customer), text: null, now,
                cancellationToken, wanted);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return outcome;
    }

    private static bool IsOpen(OwnerChange change, bool isTaker) =>
        isTaker ? change.WaitsForTaker : change is { State: OwnerChangeState.AwaitingConfirmation, OwnerAgreedAt: null };

    private static bool Pays(OwnerChange change, bool isTaker) => isTaker || change.Kind == OwnerChangeKind.Data;

    private static async Task<FoundLink?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await SecretLinks.FindAsync(db, LinkPurpose.OwnerConfirm, token, now, cancellationToken)
            ?? await SecretLinks.FindAsync(db, LinkPurpose.TakerConfirm, token, now, cancellationToken)) is { State: LinkState.Valid } link
            ? link
            : null;
}
