using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Products;

/// <summary>What a number of free releases would have meant.</summary>
/// <param name="Customers">Who would have been refused at least once in the last year.</param>
/// <param name="Refused">Releases that would have been refused.</param>
public sealed record SimulatedLimit(int Allowed, int Customers, int Refused);

/// <param name="Customers">Who released without proof in the last year at all.</param>
/// <param name="Releases">Their releases that counted.</param>
/// <param name="Limits">One for each number of free releases, from 0 on.</param>
public sealed record PolicySimulation(int RefillDays, int Customers, int Releases, IReadOnlyList<SimulatedLimit> Limits);

/// <summary>
/// Tries a limit of releases without proof on what customers did in the last year. Releases that the limit of that time refused are not
/// in the history, so a wider limit than that one shows too few.
/// </summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class SimulatePolicy(StaffReads reads)
{
    public const int MostAllowed = 10;

    private const int Days = 365;

    /// <summary>As the policy allows; whatever else is typed into a form that is not saved counts as the nearest.</summary>
    private const int LongestRefillDays = 3650;

    public Task<StaffAnswer<PolicySimulation>> ExecuteAsync(
        StaffActor actor, string product, ReleasePolicy policy, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<PolicySimulation>(typeof(SimulatePolicy), actor, audited: null, async db =>
        {
            var year = now.AddDays(-Days);
            // By then the largest bucket was full, whatever came before.
            var since = year.AddDays(-Math.Clamp(policy.RefillDays, 1, LongestRefillDays) * MostAllowed);
            var charges = await (
                from activation in db.Activations.AsNoTracking()
                join license in db.Licenses.AsNoTracking() on activation.LicenseId equals license.Id
                where license.ProductId == product && activation.ChargedAt > since && activation.ChargedAt <= now
                select new { activation.LicenseId, license.CustomerId, At = activation.ChargedAt!.Value }).ToListAsync(cancellationToken);
            var licenses = charges.GroupBy(c => (c.LicenseId, c.CustomerId), c => c.At).ToList();
            var limits = Enumerable.Range(0, MostAllowed + 1).Select(allowed =>
            {
                var tried = policy with { AllowedUnproven = allowed };
                var refused = licenses.Select(l => (l.Key.CustomerId, Times: ReleaseBucket.Refused(tried, l).Count(t => t > year)))
                    .Where(l => l.Times > 0).ToList();
                return new SimulatedLimit(allowed, refused.Select(l => l.CustomerId).Distinct().Count(), refused.Sum(l => l.Times));
            });
            var inYear = charges.Where(c => c.At > year).ToList();
            return new(policy.RefillDays, inYear.Select(c => c.CustomerId).Distinct().Count(), inYear.Count, [.. limits]);
        }, now, cancellationToken);
}
