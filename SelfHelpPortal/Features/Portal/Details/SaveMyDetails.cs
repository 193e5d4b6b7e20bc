using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Portal.Details;

internal sealed record MyDetails(
    Guid Id, string Number, string Company, string? Street, string? PostalCode, string? City, string Country, string? VatId,
    InvoiceFormat InvoiceFormat);

/// <param name="Changed">The fields that have another content now.</param>
internal sealed record DetailsSaved(IReadOnlyList<string> Changed);

/// <summary>An owner changes name and address of the customer. What was issued stays as it is; the address on file is told.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class SaveMyDetails(
    CustomerActs acts, IDbContextFactory<PortalDbContext> contexts, Outbox outbox, PublicAddress address, InvoiceLetters letters)
{
    /// <summary>The customers whose owner the person is, by name.</summary>
    public async Task<IReadOnlyList<MyDetails>> ShowAsync(CustomerActor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<SaveMyDetails>())
            .OrderBy(c => c.Company).ThenBy(c => c.Number)
            .Select(c => new MyDetails(c.Id, c.Number, c.Company, c.Street, c.PostalCode, c.City, c.Country, c.VatId, c.InvoiceFormat))
            .ToListAsync(cancellationToken);
    }

    /// <param name="typed">Without a problem (<see cref="ProblemsOf"/>).</param>
    public Task<CustomerAnswer<DetailsSaved>> ExecuteAsync(
        CustomerAct act, Guid customer, DraftContact typed, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(SaveMyDetails), act, customer, typed, db => SaveAsync(db, act.Actor, customer, typed, now, cancellationToken),
            now, cancellationToken);

    /// <summary>The rules of an order's address, and a name; all of it in letters that an invoice can have.</summary>
    public IEnumerable<ContactProblem> ProblemsOf(DraftContact typed)
    {
        var problems = ContactRules.AddressProblemsOf(typed).Concat(DrawableContact.ProblemsOf(typed, letters));
        return string.IsNullOrWhiteSpace(typed.Company) ? problems.Prepend(new(nameof(typed.Company), "EnterCompany")) : problems;
    }

    private async Task<CustomerAnswer<DetailsSaved>> SaveAsync(
        PortalDbContext db, CustomerActor actor, Guid id, DraftContact typed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockCustomerAsync(id, cancellationToken) is not { } customer)
        {
            return CustomerRefusal.NotFound;
        }

        var vatId = string.IsNullOrWhiteSpace(typed.VatId) ? null : VatIds.Normalize(typed.VatId);
        List<string> changed = [];
        Set(nameof(customer.Company), customer.Company, typed.Company!.Trim(), value => customer.Company = value!);
        Set(nameof(customer.Street), customer.Street, typed.Street!.Trim(), value => customer.Street = value);
        Set(nameof(customer.PostalCode), customer.PostalCode, typed.PostalCode!.Trim(), value => customer.PostalCode = value);
        Set(nameof(customer.City), customer.City, typed.City!.Trim(), value => customer.City = value);
        Set(nameof(customer.Country), customer.Country, typed.Country, value => customer.Country = value!);
        Set(nameof(customer.VatId), customer.VatId, vatId, value => customer.VatId = value);
        var format = typed.IsAuthority ? typed.InvoiceFormat ?? InvoiceFormat.XRechnung : InvoiceFormat.Zugferd;
        Set(nameof(customer.InvoiceFormat), customer.InvoiceFormat.ToString(), format.ToString(), _ => customer.InvoiceFormat = format);
        if (changed.Count > 0)
        {
            await EventLog.AppendAsync(db, customer.Id, EventKind.CustomerChanged, new EventData(), actor.AsActor(),
                string.Join(", ", changed), now, cancellationToken);
            var mail = new DetailsChangedMail(customer.AsRecipient())
            {
                CustomerId = customer.Id,
                ChangeId = Guid.CreateVersion7(now),
                CustomerNumber = customer.Number,
                Changed = changed,
                By = actor.Name,
                ChangedAt = now,
                DetailsAddress = address.For("/my/details"),
            };
            await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        }

        return new DetailsSaved(changed);

        void Set(string field, string? before, string? after, Action<string?> set)
        {
            if (!string.Equals(before ?? "", after ?? "", StringComparison.Ordinal))
            {
                set(after);
                changed.Add(field);
            }
        }
    }
}
