using System.Text.Json;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>
/// Changes name, postal address, VAT id or language of a customer. What was ordered or issued before stays as it is. The address on file is
/// changed by <see cref="ChangeCustomerMail"/> alone.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class EditCustomer(AdministrationActs acts)
{
    /// <param name="command">Made when the form was shown: however often it is sent, it is done once.</param>
    /// <param name="shown">What the form showed at first: whoever did not see the last change is refused.</param>
    /// <param name="typed">Its number and address are not looked at.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid customer, CustomerDetails shown, CustomerInput typed, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(EditCustomer), actor, command, customer, JsonSerializer.Serialize(new { shown, typed = typed.Keep() }),
            db => DecideAsync(db, actor, customer, shown, typed, now, cancellationToken), now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffActor actor, Guid id, CustomerDetails shown, CustomerInput typed, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (await db.LockCustomerAsync(id, cancellationToken) is not { } customer)
        {
            return StaffRefusal.NotFound;
        }

        if (customer is not { MergedIntoId: null, ErasedAt: null })
        {
            return StaffRefusal.CustomerGone;
        }

        var current = CustomerDetails.From(customer);
        if (current != shown)
        {
            return StaffRefusal.CustomerChanged;
        }

        var problems = typed.Read(isNew: false, out var given);
        if (given is null)
        {
            return new(StaffRefusal.SettingInvalid, problems);
        }

        var wanted = CustomerDetails.From(given, current.Language);
        var changed = string.Join(", ", current.To(wanted).Select(difference => difference.Field));
        if (changed.Length > 0)
        {
            wanted.WriteTo(customer);
            // The history says which fields, not what stood there, which names people.
            await EventLog.AppendAsync(
                db, customer.Id, EventKind.CustomerChanged, new EventData(), actor.AsActor(), changed, now, cancellationToken);
            await AuditLog.AppendAsync(db, actor.Id, AuditKind.CustomerChanged, customer.Number, changed, now, cancellationToken);
        }

        return StaffResult.Done;
    }
}
