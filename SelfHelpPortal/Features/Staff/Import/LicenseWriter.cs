using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>Stores what a judged row says, in the caller's transaction, with its events.</summary>
internal sealed class LicenseWriter(LicenseEntry entry, Peppers peppers, Outbox outbox)
{
    /// <summary>Held until the commit.</summary>
    public async Task HoldAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        await LicenseEntry.HoldAsync(db, cancellationToken);
        await PepperWatch.HoldAsync(peppers, db, cancellationToken);
    }

    /// <param name="judged">Good and new.</param>
    /// <param name="judge">Told of a customer that is made, for the rows that follow.</param>
    /// <param name="id">Of the license.</param>
    public async Task<License> AddAsync(
        PortalDbContext db, JudgedRow judged, RowJudge judge, Guid id, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var good = judged.Good ?? throw new ArgumentException("A faulty row makes no license; show its findings.", nameof(judged));
        var customer = judged.Customer ?? await AddCustomerAsync(db, good, judge, cancellationToken);
        var sold = new NewLicense(Given(good.Row.LicenseNumber), good.Product, customer.Id, good.Key ?? GivenKey.Mint())
        {
            Id = id,
            Seats = good.Seats ?? 1,
            MaintenanceUntil = good.MaintenanceUntil,
            Serial = Given(good.Row.Serial),
        };
        return await entry.AddAsync(db, sold, actor, now, cancellationToken);
    }

    /// <summary>
    /// Their histories tell which fields are others, those of the customer without their content, which names people. The former address
    /// on file hears of another one, once for each import.
    /// </summary>
    /// <param name="import">The list that the row is of.</param>
    public async Task UpdateAsync(
        PortalDbContext db, JudgedRow judged, Guid import, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (good, row) = (judged.Good!, judged.Good!.Row);
        // Only where it is stored: a new license is as the row says already.
        if (judged.License is { } license)
        {
            var before = RowJudge.Changes(good, license, null).ToList();
            license.Serial = Given(row.Serial) ?? license.Serial;
            license.Seats = good.Seats ?? license.Seats;
            license.MaintenanceUntil = good.MaintenanceUntil ?? license.MaintenanceUntil;
            await TellAsync(license.Id, EventKind.LicenseChanged, before,
                string.Join(", ", before.Select(change => $"{change.Field} {change.Before} → {change.After}")));
        }

        if (judged.Customer is { } customer)
        {
            // Against what it is by now: the row before may have said the same.
            var changes = RowJudge.Changes(good, null, customer).ToList();
            if (!string.Equals(customer.Email, good.Email, StringComparison.OrdinalIgnoreCase))
            {
                await NotifyFormerAddressAsync(db, customer, good.Email, import, now, cancellationToken);
            }

            customer.Company = row.Company;
            customer.Email = good.Email;
            customer.Language = row.Language is "" ? customer.Language : row.Language;
            customer.Street = Given(row.Street) ?? customer.Street;
            customer.PostalCode = Given(row.PostalCode) ?? customer.PostalCode;
            customer.City = Given(row.City) ?? customer.City;
            customer.Country = row.Country is "" ? customer.Country : row.Country;
            customer.VatId = Given(row.VatId) ?? customer.VatId;
            await TellAsync(
                customer.Id, EventKind.CustomerChanged, changes, string.Join(", ", changes.Select(change => change.Field)));
        }

        Task TellAsync(Guid stream, EventKind kind, List<ImportChange> changes, string text) => changes.Count == 0
            ? Task.CompletedTask
            : EventLog.AppendAsync(db, stream, kind, new EventData(), actor, text, now, cancellationToken);
    }

    /// <summary>Before the customer is changed: to the address and in the language that were stored.</summary>
    private async Task NotifyFormerAddressAsync(
        PortalDbContext db, Licensing.Customer customer, string address, Guid import, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var mail = new AddressOnFileChangedMail(customer.AsRecipient())
        {
            CustomerId = customer.Id,
            ChangeId = import,
            CustomerNumber = customer.Number,
            NewAddress = Masks.Address(address),
            ChangedAt = now,
        };
        // A row before may have said another one already, in this part or in an earlier one.
        if (!db.Set<OutboxMessage>().Local.Any(m => m.Kind == mail.Kind && m.BusinessKey == mail.BusinessKey)
            && !await db.Set<OutboxMessage>().AnyAsync(m => m.Kind == mail.Kind && m.BusinessKey == mail.BusinessKey, cancellationToken))
        {
            await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        }
    }

    private async Task<Licensing.Customer> AddCustomerAsync(
        PortalDbContext db, GoodRow good, RowJudge judge, CancellationToken cancellationToken)
    {
        var row = good.Row;
        var customer = await entry.AddAsync(
            db,
            new NewCustomer(Given(row.CustomerNumber), row.Company, good.Email)
            {
                Language = Given(row.Language),
                Street = Given(row.Street),
                PostalCode = Given(row.PostalCode),
                City = Given(row.City),
                Country = Given(row.Country) ?? Countries.Germany,
                VatId = Given(row.VatId),
            },
            cancellationToken);
        judge.Know(customer);
        return customer;
    }

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
