using System.Text.Json;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>What is done on the new PC while the customer is on the telephone: the same ticks that stand on the customer's page.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class TickChecklist(AppointmentActs acts, ProductCatalog products)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid appointment, ChecklistReply reply, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(TickChecklist), act, appointment, JsonSerializer.Serialize(reply), async (db, locked) =>
        {
            var product = await products.GetAsync(db, locked.ProductId, cancellationToken);
            return locked.KeepChecklist(reply, product.Policies.Checklists).Succeeded;
        }, now, cancellationToken);
}
