using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Backoffice.Customers;

/// <summary>The vendor's shop has a new customer.</summary>
internal sealed class CreateCustomer(TokenActs acts, LicenseEntry entry)
{
    /// <returns>Why not, or the customer; the same again for a repetition.</returns>
    public Task<BackofficeAnswer<CustomerReply>> ExecuteAsync(
        TokenCaller caller, Once once, NewCustomer given, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync<CustomerReply>(
            typeof(CreateCustomer), caller, once, given, act => CreateAsync(act, given, now, cancellationToken), now, cancellationToken);

    private async Task<BackofficeAnswer<CustomerReply>> CreateAsync(
        TokenAct act, NewCustomer given, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (given.Number is not null && await act.Db.Customers.AnyAsync(c => c.Number == given.Number, cancellationToken))
        {
            return BackofficeRefusal.NumberTaken;
        }

        var customer = await entry.AddAsync(act.Db, given, cancellationToken);
        EventLog.Begin(act.Db, customer.Id, EventKind.CustomerCreated, new EventData(), act.By, now);
        await act.Db.SaveChangesAsync(cancellationToken);
        if (given.Number is not null)
        {
            await Numbers.MoveBehindAsync(act.Db, license: null, given.Number, cancellationToken);
        }

        return CustomerReply.From(customer);
    }
}
