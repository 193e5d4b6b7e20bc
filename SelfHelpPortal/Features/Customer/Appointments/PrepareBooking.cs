using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>
/// Keeps what is ready for the appointment and what is done on the new PC; it changes no state, so it is no event.
/// </summary>
internal sealed class PrepareBooking(ChangeBooking changes, ProductCatalog products)
{
    /// <param name="ready">Counts until the appointment begins.</param>
    /// <param name="checklist">Counts until it is over.</param>
    public Task<ChangeResult> ExecuteAsync(
        string token, Preparation ready, ChecklistReply checklist, DateTimeOffset now, CancellationToken cancellationToken) =>
        changes.RunAsync(
            token,
            async (db, appointment) =>
            {
                _ = appointment.Prepare(ready, now);
                var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
                return appointment.KeepChecklist(checklist, product.Policies.Checklists).Succeeded
                    ? ChangeOutcome.Done
                    : ChangeOutcome.Over;
            },
            now,
            cancellationToken);
}
