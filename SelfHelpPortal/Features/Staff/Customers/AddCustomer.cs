using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <param name="Number">Null when it was not made.</param>
internal readonly record struct AddedCustomer(StaffResult Result, string? Number)
{
    public StaffRefusal? Refused => Result.Refused;
}

/// <summary>Enters a customer by hand.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class AddCustomer(AdministrationActs acts, LicenseEntry entry, IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="id">Made when the form was shown: however often it is sent, there is one customer.</param>
    public async Task<AddedCustomer> ExecuteAsync(
        StaffActor actor, Guid id, CustomerInput typed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var problems = typed.Read(isNew: true, out var given);
        StaffResult result;
        try
        {
            result = await acts.RunAsync(
                typeof(AddCustomer), actor, id, actor.Id, JsonSerializer.Serialize(given), async db => given is null
                    ? Invalid(problems)
                    : await AddAsync(db, actor, id, given, now, cancellationToken), now, cancellationToken);
        }
        catch (DbUpdateException taken) when (taken.InnerException is PostgresException { ConstraintName: "ix_customer_number" })
        {
            // Somebody else has used the number since it was looked up.
            result = Invalid([CustomerField.NumberTaken]);
        }

        if (!result.Succeeded)
        {
            return new(result, null);
        }

        try
        {
            await using var made = await contexts.CreateDbContextAsync(cancellationToken);
            return new(result, await made.Customers.Where(c => c.Id == id).Select(c => c.Number).SingleAsync(cancellationToken));
        }
        catch (Exception failure) when (StaffRefusals.For(failure) is not null)
        {
            // It was done, but its number cannot be told; sent again, it can.
            return new(StaffRefusal.OutcomeUnknown, null);
        }
    }

    private async Task<StaffResult> AddAsync(
        PortalDbContext db, StaffActor actor, Guid id, NewCustomer given, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (given.Number is not null && await db.Customers.AnyAsync(c => c.Number == given.Number, cancellationToken))
        {
            return Invalid([CustomerField.NumberTaken]);
        }

        var customer = await entry.AddAsync(db, given, cancellationToken, id);
        EventLog.Begin(db, customer.Id, EventKind.CustomerCreated, new EventData(), actor.AsActor(), now);
        await AuditLog.AppendAsync(db, actor.Id, AuditKind.CustomerCreated, customer.Number, null, now, cancellationToken);
        if (given.Number is not null)
        {
            await Numbers.MoveBehindAsync(db, license: null, given.Number, cancellationToken);
        }

        return StaffResult.Done;
    }

    private static StaffResult Invalid(IReadOnlyList<BrokenRule> problems) => new(StaffRefusal.SettingInvalid, problems);
}
