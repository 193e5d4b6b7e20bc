using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Loans;

/// <summary>
/// Lends a license on its locked row, with event, license file and mail. The caller saves and commits, unless it is refused.
/// </summary>
internal sealed class LendLicense(
    ProductCatalog products, ActivationSecretsFactory secrets, LicenseIssuer issuer, LicenseFiles files, LoanMailer mailer,
    EndComputers ends, LocalTimes times)
{
    /// <summary>The owner agrees, or none is needed: lends it at once, or gives it to staff, as the product says.</summary>
    /// <param name="chosen">Which computer is being repaired, when there are several.</param>
    /// <returns>Null when it was done.</returns>
    public async Task<RefusalDetail?> ApproveAsync(
        PortalDbContext db, License license, Loan loan, Guid? chosen, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await ends.EndOverdueAsync(db, license, product, now, cancellationToken);
        if (Repaired(license, chosen) is not { } repaired)
        {
            return new RefusalDetail(license.ActiveComputers.Any(a => a.HasSeat) ? Refusal.ChooseComputer : Refusal.NotActive);
        }

        if (product.Policies.Loans.Review == LoanReview.Automatic)
        {
            return await LendAsync(db, license, loan, repaired, product, actor, reason: null, now, cancellationToken);
        }

        if (await CheckAsync(db, license, loan, repaired, product, now, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (await db.Loans.AnyAsync(l => l.LicenseId == license.Id && l.State == LoanState.AwaitingStaff, cancellationToken)
            || !loan.AskStaff(repaired.Id, now).Succeeded)
        {
            return new RefusalDetail(Refusal.Conflict);
        }

        var data = new EventData { Activation = repaired.Id, Until = await EndAsync(db, license, loan, cancellationToken) };
        await EventLog.AppendAsync(db, license.Id, EventKind.LoanAsked, data, actor, text: null, now, cancellationToken);
        await mailer.TellStaffAsync(db, license, loan, product, now, cancellationToken);
        return null;
    }

    /// <summary>Staff agree to what waits for them.</summary>
    public async Task<RefusalDetail?> GrantAsync(
        PortalDbContext db, License license, Loan loan, Actor actor, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await ends.EndOverdueAsync(db, license, product, now, cancellationToken);
        return loan.State != LoanState.AwaitingStaff
            || license.Activations.SingleOrDefault(a => a.Id == loan.RepairedId) is not { } repaired
            ? new RefusalDetail(Refusal.Conflict)
            : await LendAsync(db, license, loan, repaired, product, actor, reason, now, cancellationToken);
    }

    /// <summary>Why it would be refused now; null when it would go through.</summary>
    public static async Task<RefusalDetail?> CheckAsync(
        PortalDbContext db, License license, Loan loan, Activation repaired, Product product, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        license.CheckLoan(repaired, loan.Computer, product.Policies, await BegunAsync(db, license, cancellationToken), now);

    /// <summary>The computer that is meant: the one that was chosen, or the only one.</summary>
    public static Activation? Repaired(License license, Guid? chosen) =>
        license.ActiveComputers.Where(a => a.HasSeat && (chosen is null || a.Id == chosen)).Take(2).ToList() is [var only] ? only : null;

    private async Task<RefusalDetail?> LendAsync(
        PortalDbContext db, License license, Loan loan, Activation repaired, Product product, Actor actor, string? reason,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var endsAt = await EndAsync(db, license, loan, cancellationToken);
        var begun = await BegunAsync(db, license, cancellationToken);
        var outcome = license.Lend(repaired, loan.Computer, secrets.Make(), endsAt, product.Policies, begun, now);
        if (!outcome.Succeeded)
        {
            return outcome.Refused;
        }

        var lent = outcome.Value;
        if (!loan.Grant(repaired.Id, lent, now).Succeeded)
        {
            return new RefusalDetail(Refusal.Conflict);
        }

        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var data = new EventData
        {
            Activation = lent.Id,
            Seat = lent.Seat,
            Generation = lent.Generation,
            After = lent.State.ToString(),
            Until = lent.EndsAt,
        };
        await EventLog.AppendAsync(db, license.Id, EventKind.Lent, data, actor, reason, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var file = files.Keep(db, license, lent, issuer.Write(license, lent, product, customer.Company, now), now);
        await mailer.IssuedAsync(db, license, loan, lent, product, customer, file, now, cancellationToken);
        return null;
    }

    private async Task<DateTimeOffset> EndAsync(PortalDbContext db, License license, Loan loan, CancellationToken cancellationToken) =>
        times.EndOf(loan.LastDay, await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken));

    private static async Task<List<DateTimeOffset>> BegunAsync(PortalDbContext db, License license, CancellationToken cancellationToken) =>
        await db.Loans.Where(l => l.LicenseId == license.Id && l.State == LoanState.Granted && l.DecidedAt != null)
            .Select(l => l.DecidedAt!.Value).ToListAsync(cancellationToken);
}
