using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Taxes;

/// <summary>One rate as it stands in the versions of the tax rates.</summary>
internal sealed record StoredTaxRate(decimal Percent, DateOnly ValidFrom);

/// <param name="Version">0 when the rates were never changed here.</param>
/// <param name="History">Newest first.</param>
internal sealed record TaxRatesView(VatRatePlan Plan, int Version, IReadOnlyList<SettingLine> History, DateOnly Today);

/// <summary>The German standard rates of value added tax, and who changed what.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowTaxRates(StaffReads reads, LocalTimes times)
{
    public Task<StaffAnswer<TaxRatesView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<TaxRatesView>(typeof(ShowTaxRates), actor, audited: null, async db =>
        {
            var history = await SettingLine.ReadAsync(db, SettingKind.TaxRates, "", cancellationToken);
            var rates = await PriceList.StandardRates(db).AsNoTracking().ToListAsync(cancellationToken);
            return new(new VatRatePlan(rates), history is [var last, ..] ? last.Version : 0, history, times.Today(now));
        }, now, cancellationToken);
}

/// <summary>The rate from a day on, such as the one of the second half of 2020. Orders keep the rate that they were shown.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class SetTaxRate(TaxRateActs acts)
{
    /// <param name="basedOn">The version that was shown; 0 when there was none.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, int basedOn, decimal percent, DateOnly from, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SetTaxRate), actor, command, basedOn, new { percent, from }, (plan, today) => plan.Set(percent, from, today), now,
            cancellationToken);
}

/// <summary>Takes back a rate that has not begun.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class TakeBackTaxRate(TaxRateActs acts)
{
    /// <param name="basedOn">The version that was shown; 0 when there was none.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, int basedOn, DateOnly from, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(TakeBackTaxRate), actor, command, basedOn, from, (plan, today) => plan.TakeBack(from, today), now, cancellationToken);
}

/// <summary>Changes of the tax rates: the plan decides, and the rows follow it.</summary>
internal sealed class TaxRateActs(SettingActs acts, LocalTimes times)
{
    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, int basedOn, object content, Func<VatRatePlan, DateOnly, VatRatePlanResult> change,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase, actor, command, new(SettingKind.TaxRates, "", basedOn), content,
            async db =>
            {
                var rows = await PriceList.StandardRates(db).ToListAsync(cancellationToken);
                var (plan, problem) = change(new VatRatePlan(rows), times.Today(now));
                if (plan is null)
                {
                    return RefusalFor(problem!.Value);
                }

                await StoreAsync(db, rows, plan, actor.Id, now, cancellationToken);
                return StaffResult.Done;
            },
            now, cancellationToken);

    public static IReadOnlyList<StoredTaxRate> Stored(VatRatePlan plan) =>
        [.. plan.Rates.Select(r => new StoredTaxRate(r.Percent, r.ValidFrom))];

    /// <summary>Makes the rows what the plan says, and writes the version. In the caller's transaction.</summary>
    /// <param name="rows">Tracked.</param>
    public static async Task StoreAsync(
        PortalDbContext db, IReadOnlyList<VatRate> rows, VatRatePlan plan, Guid by, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var before = Stored(new VatRatePlan(rows));
        db.VatRates.RemoveRange(rows.Except(plan.Rates));
        // First what makes room: a day has one rate.
        await db.SaveChangesAsync(cancellationToken);
        db.VatRates.AddRange(plan.Rates.Except(rows));
        await db.SaveChangesAsync(cancellationToken);
        await SettingHistory.AppendAsync(db, SettingKind.TaxRates, "", before, Stored(plan), by, now, cancellationToken);
    }

    private static StaffRefusal RefusalFor(VatRateProblem problem) => problem switch
    {
        VatRateProblem.Percent => StaffRefusal.TaxRatePercent,
        VatRateProblem.DayIsOver => StaffRefusal.TaxRateDay,
        VatRateProblem.NotFound => StaffRefusal.NotFound,
    };
}
