using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Loans;

/// <summary>
/// The daily job for computers that end by themselves: it notes the ends that have come and reminds of those that are near, each license in
/// a transaction of its own. What counts is the end itself, so a check-in after it is answered rightly even before the job has run.
/// </summary>
internal sealed class EndComputers(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LoanMailer mailer)
{
    public const string JobName = "end-computers";

    /// <summary>When people read mails; by then the day has ended for customers in other zones, too.</summary>
    public static readonly TimeOnly At = new(6, 0);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var near = now.AddDays(License.DaysOfNotice(EndKind.Loan)).ToUniversalTime();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var licenses = await db.Activations
            .Where(a => a.State == ActivationState.Active && a.EndsAt <= near)
            .Select(a => a.LicenseId).Distinct().Order().ToListAsync(cancellationToken);
        await OneByOne.RunAsync(licenses, license => RunAsync(license, now, cancellationToken));
    }

    /// <summary>In the caller's transaction, on the locked license; saved at once, so that its place can be taken.</summary>
    public async Task EndOverdueAsync(
        PortalDbContext db, License license, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = license.EndOverdue(now);
        foreach (var computer in ended)
        {
            var data = new EventData
            {
                Activation = computer.Id,
                Seat = computer.Seat,
                Generation = computer.Generation,
                Before = nameof(ActivationState.Active),
                After = computer.State.ToString(),
                Until = computer.EndsAt,
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.RanOut, data, Actor.System, text: null, now, cancellationToken);
            await mailer.EndAsync(db, license, computer, product, now, cancellationToken);
        }

        if (ended.Count > 0)
        {
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task RunAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockLicenseAsync(id, cancellationToken) is not { } license)
        {
            return;
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await EndOverdueAsync(db, license, product, now, cancellationToken);
        foreach (var computer in license.RemindOfEnds(now))
        {
            await mailer.EndAsync(db, license, computer, product, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
