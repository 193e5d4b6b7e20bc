using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Products;

/// <summary>A price as somebody typed it.</summary>
/// <param name="TermMonths">Of a renewal; null for a fee.</param>
public sealed record PriceEntry(Money Net, int? TermMonths, DateOnly ValidFrom, string NameDe, string NameEn);

/// <summary>What an article costs from a day on. Open orders keep the price that they were shown.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class SetPrice(PriceActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, PriceTarget target, PriceEntry price, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SetPrice), actor, command, target, price, (plan, sku, today, isOrdered) => plan.Set(
                new PriceListEntry
                {
                    ProductId = target.Product,
                    Sku = sku,
                    NetCents = price.Net.Cents,
                    TermMonths = price.TermMonths,
                    ValidFrom = price.ValidFrom,
                    NameDe = price.NameDe.Trim(),
                    NameEn = price.NameEn.Trim(),
                },
                target.Remedy == PriceArticle.Renewal, today, isOrdered),
            now, cancellationToken);
}

/// <summary>Takes back a price that has not begun, or that nobody has ordered at today.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class TakeBackPrice(PriceActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, PriceTarget target, Guid price, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(TakeBackPrice), actor, command, target, price, (plan, _, today, isOrdered) => plan.TakeBack(price, today, isOrdered),
            now, cancellationToken);
}

/// <summary>Sells an article for the last time on a day.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class EndPrice(PriceActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, PriceTarget target, DateOnly lastDay, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(EndPrice), actor, command, target, lastDay, (plan, _, today, _) => plan.End(lastDay, today), now, cancellationToken);
}
