using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;
using Holder = SelfHelpPortal.Licensing.Customer;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>How a case is settled.</summary>
/// <param name="Customer">Number of the customer that takes over, where it is one already; null makes a new one.</param>
/// <param name="WaiveFee">Goodwill: nothing is charged.</param>
internal sealed record OwnerSettlement(string? Customer, bool WaiveFee);

/// <summary>
/// Enters what was agreed, in one transaction: the licensee's data, or another customer for the license. With it go the rights that people
/// of the former one had over this license, its links and its orders that wait; the invoice, the license files with the new name and the
/// mails come along.
/// </summary>
[StaffUseCase(StaffWork.Any, Fresh = true)]
internal sealed class SettleOwnerChange(
    OwnerChangeActs acts, OwnerChangePricing pricing, ProductCatalog products, LicenseEntry entry, EndTransfer orders, IssueInvoice issue,
    LicenseIssuer issuer, LicenseFiles files, Outbox outbox, PublicAddress address, IOptions<InvoicingOptions> options)
{
    public async Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid changeId, OwnerSettlement settlement, DateTimeOffset now, CancellationToken cancellationToken) =>
        await acts.RunAsync(
            typeof(SettleOwnerChange),
            act,
            changeId,
            $"{settlement.Customer} {settlement.WaiveFee}",
            db => HoldAsync(db, changeId, settlement, cancellationToken),
            (db, change) => DecideAsync(db, new(act, change, settlement, now), cancellationToken),
            now,
            cancellationToken);

    /// <summary>
    /// In the fixed order (security.md, section 3): whoever acts for the license by its key right now ends first; then the customers by
    /// their ids, then the license.
    /// </summary>
    private static async Task HoldAsync(
        PortalDbContext db, Guid changeId, OwnerSettlement settlement, CancellationToken cancellationToken)
    {
        if (await db.OwnerChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == changeId, cancellationToken)
            is not { LicenseId: { } license, CustomerId: { } customer })
        {
            return;
        }

        await db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM key_access WHERE license_id = {license} ORDER BY user_id FOR UPDATE", cancellationToken);
        var taker = settlement.Customer is { } number
            ? await db.CustomersNumbered(number).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(cancellationToken)
            : null;
        await db.LockCustomersAsync(taker is { } other ? [customer, other] : [customer], cancellationToken);
        await db.LockLicenseAsync(license, cancellationToken);
    }

    private async Task<StaffResult> DecideAsync(PortalDbContext db, Settling settling, CancellationToken cancellationToken)
    {
        var (act, change, settlement, now) = settling;
        if (change is not { State: OwnerChangeState.InReview, LicenseId: { } licenseId, CustomerId: { } customerId })
        {
            return StaffRefusal.Conflict;
        }

        if (settlement.WaiveFee && change.Price is { } fee && fee.NetCents > options.Value.SupportWaivesUpTo * 100
            && !await StaffGate.HoldsAsync(db, act.Actor.Id, StaffPermission.RolesFor(StaffWork.Invoices), cancellationToken))
        {
            return StaffRefusal.AboveLimit;
        }

        var license = (await db.LockLicenseAsync(licenseId, cancellationToken))!;
        var former = await db.Customers.SingleAsync(c => c.Id == customerId, cancellationToken);
        if (license.CustomerId != customerId || former is not { MergedIntoId: null, ErasedAt: null })
        {
            return StaffRefusal.OtherCustomer;
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var (holder, refused) = change.Kind == OwnerChangeKind.Data
            ? (await EnterDataAsync(db, settling, former, cancellationToken), (StaffRefusal?)null)
            : await HandOverAsync(db, settling, license, former, cancellationToken);
        if (holder is null)
        {
            return refused!.Value;
        }

        var written = WriteFiles(db, license, product, holder, now);

        // Everything else is written before the counter of invoices is locked, for which everybody waits who issues one.
        await db.SaveChangesAsync(cancellationToken);
        IssuedInvoice? issued = null;
        if (change.Price is { } price && !settlement.WaiveFee)
        {
            var order = await OrderAsync(db, change, price, license, holder, now, cancellationToken);
            if (order is null)
            {
                return StaffRefusal.TaxUndecided;
            }

            var invoice = await issue.ExecuteAsync(db, order, act.Actor.AsActor(), now, cancellationToken);
            if (!invoice.Succeeded)
            {
                return new StaffResult(StaffRefusal.InvoiceInvalid, invoice.Refused.BrokenRules);
            }

            issued = invoice.Value;
        }

        if (!change.Complete(holder.Id, issued?.Id, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        await TellAsync(db, change, license, product, former, holder, written, issued, now, cancellationToken);
        return StaffResult.Done;
    }

    /// <summary>The licensee stays, and so does the address on file.</summary>
    private static async Task<Holder> EnterDataAsync(
        PortalDbContext db, Settling settling, Holder customer, CancellationToken cancellationToken)
    {
        var wanted = settling.Change.Licensee;
        (customer.Company, customer.IsConsumer) = (wanted.Company, wanted.IsConsumer);
        (customer.Street, customer.PostalCode, customer.City) = (wanted.Street, wanted.PostalCode, wanted.City);
        (customer.Country, customer.VatId) = (wanted.Country, wanted.VatId);
        await EventLog.AppendAsync(
            db, customer.Id, EventKind.CustomerChanged, new EventData { Reference = settling.Change.Reference },
            settling.Act.Actor.AsActor(), settling.Act.Reason.Trim(), settling.Now, cancellationToken);
        await AuditLog.AppendAsync(
            db, settling.Act.Actor.Id, AuditKind.CustomerChanged, customer.Number, settling.Change.Reference, settling.Now,
            cancellationToken);
        return customer;
    }

    private async Task<(Holder? Holder, StaffRefusal? Refused)> HandOverAsync(
        PortalDbContext db, Settling settling, License license, Holder former, CancellationToken cancellationToken)
    {
        var (act, change, settlement, now) = settling;
        if (license.CheckPass() is not null)
        {
            return (null, StaffRefusal.LicenseNotTransferable);
        }

        if (await db.Set<TransferItem>().AnyAsync(i => i.LicenseId == license.Id && i.IsOpen, cancellationToken))
        {
            return (null, StaffRefusal.OrderUnderWay);
        }

        if (await TakerAsync(db, settling, former, cancellationToken) is not { } taker)
        {
            return (null, StaffRefusal.NoSuchCustomer);
        }

        await EndRightsAsync(db, settling, license, cancellationToken);
        await LicenseHolders.NoteAsync(db, license, now, cancellationToken);
        if (!license.PassTo(taker.Id).Succeeded)
        {
            return (null, StaffRefusal.Conflict);
        }

        var data = new EventData { Before = former.Number, After = taker.Number, Reference = change.Reference };
        foreach (var stream in new[] { license.Id, former.Id, taker.Id })
        {
            await EventLog.AppendAsync(
                db, stream, EventKind.HolderChanged, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        }

        return (taker, null);
    }

    /// <summary>The customer that takes over; null when the number is none, or that of the former one.</summary>
    private async Task<Holder?> TakerAsync(PortalDbContext db, Settling settling, Holder former, CancellationToken cancellationToken)
    {
        if (settling.Settlement.Customer is { } number)
        {
            return await db.CustomersNumbered(number).Where(c => c.ErasedAt == null && c.Id != former.Id)
                .SingleOrDefaultAsync(cancellationToken);
        }

        var wanted = settling.Change.Licensee;
        var made = await entry.AddAsync(
            db,
            new NewCustomer(null, wanted.Company, wanted.Email!)
            {
                Language = settling.Change.Language,
                Street = wanted.Street,
                PostalCode = wanted.PostalCode,
                City = wanted.City,
                Country = wanted.Country,
                VatId = wanted.VatId,
                IsConsumer = wanted.IsConsumer,
            },
            cancellationToken);
        EventLog.Begin(db, made.Id, EventKind.CustomerCreated, new EventData(), settling.Act.Actor.AsActor(), settling.Now);
        await AuditLog.AppendAsync(
            db, settling.Act.Actor.Id, AuditKind.CustomerCreated, made.Number, settling.Change.Reference, settling.Now, cancellationToken);
        return made;
    }

    /// <summary>
    /// What people of the former customer had for this license alone: access by its key, links in mails, drafts and orders that wait, loans
    /// that nobody has decided, other cases. What they have by belonging to the customer ends with the license's customer.
    /// </summary>
    private async Task EndRightsAsync(PortalDbContext db, Settling settling, License license, CancellationToken cancellationToken)
    {
        var (act, change, _, now) = settling;
        foreach (var key in await db.KeyAccesses.Where(k => k.LicenseId == license.Id).OrderBy(k => k.UserId)
            .ToListAsync(cancellationToken))
        {
            db.Remove(key);
            var data = new EventData { Member = key.UserId, Before = nameof(CustomerRole.KeyHolder), Reference = license.Number };
            await EventLog.AppendAsync(
                db, key.CustomerId, EventKind.MemberChanged, data, act.Actor.AsActor(), text: null, now, cancellationToken);
        }

        await db.Set<Registration>().Where(r => r.LicenseId == license.Id && r.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
        foreach (var waiting in await db.Set<TransferItem>().Where(i => i.LicenseId == license.Id && i.IsWaiting).OrderBy(i => i.RequestId)
            .Select(i => i.RequestId).Distinct().ToListAsync(cancellationToken))
        {
            await orders.GiveWayAsync(db, waiting, now, cancellationToken);
        }

        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM transfer_request WHERE state = 'Draft' AND (draft ->> 'licenseId')::uuid = {license.Id}", cancellationToken);
        foreach (var other in await db.OwnerChanges
            .Where(c => c.LicenseId == license.Id && c.Id != change.Id && c.EndedAt == null && c.SentAt != null).OrderBy(c => c.Id)
            .Select(c => c.Id).ToListAsync(cancellationToken))
        {
            var locked = (await db.LockOwnerChangeAsync(other, cancellationToken))!;
            var before = locked.State;
            if (locked.Withdraw(now).Succeeded)
            {
                await OwnerChangeEvents.AppendAsync(
                    db, locked, before, nameof(SettleOwnerChange), Actor.System, change.Reference, now, cancellationToken);
            }
        }

        // Begun releases, activations, loans and look-ups have their links by a record of their own.
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM mail_link WHERE record_id = {license.Id}
                 OR record_id IN (SELECT id FROM activation WHERE license_id = {license.Id})
                 OR record_id IN (SELECT id FROM flag WHERE license_id = {license.Id})
                 OR record_id IN (SELECT id FROM release_request WHERE license_id = {license.Id})
                 OR record_id IN (SELECT id FROM activation_request WHERE license_id = {license.Id})
                 OR record_id IN (SELECT id FROM loan WHERE license_id = {license.Id})
             """,
            cancellationToken);
        await db.Loans.Where(l => l.LicenseId == license.Id && l.DecidedAt == null).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>One for each computer that uses the license; with several of them their seats tell them apart.</summary>
    private List<(RenamedComputer Computer, MailAttachment File)> WriteFiles(
        PortalDbContext db, License license, Product product, Holder holder, DateTimeOffset now)
    {
        var computers = license.ActiveComputers.OrderBy(a => a.Seat).ToList();
        return [.. computers.Select(computer =>
        {
            var file = files.Keep(db, license, computer, issuer.Write(license, computer, product, holder.Company, now), now);
            var name = computers.Count == 1 ? file.FileName : LicenseFiles.NameOf($"{license.Number}-{computer.Seat}");
            return (new RenamedComputer(computer.PcName, name), file with { FileName = name });
        })];
    }

    /// <summary>Null when the rules do not decide the tax case.</summary>
    private async Task<InvoiceOrder?> OrderAsync(
        PortalDbContext db, OwnerChange change, OwnerChangePrice price, License license, Holder holder, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var (vat, check) = await pricing.DecideAsync(db, change.Licensee, change.Language, now, cancellationToken);
        if (vat is null)
        {
            return null;
        }

        // A number that nobody has looked up may mean reverse charge: that is for people to decide, as with every order.
        if (check is not null && change.Licensee is { IsConsumer: false, Country: not Countries.Germany }
            && Countries.IsEu(change.Licensee.Country))
        {
            return null;
        }

        var article = await db.PriceList.AsNoTracking().SingleAsync(e => e.Id == price.EntryId, cancellationToken);
        var buyer = change.Licensee;
        return new InvoiceOrder
        {
            CustomerId = holder.Id,
            ServiceDate = pricing.Today(now),
            Language = change.Language,
            Reference = change.Reference,
            Buyer = new InvoiceBuyer
            {
                CustomerNumber = holder.Number,
                Company = buyer.IsConsumer ? null : buyer.Company,
                Person = buyer.IsConsumer ? buyer.Company : null,
                Email = holder.Email,
                Street = buyer.Street,
                PostalCode = buyer.PostalCode,
                City = buyer.City,
                Country = buyer.Country,
            },
            Vat = vat,
            VatIdCheck = check,
            Lines =
            [
                new InvoiceLine
                {
                    Sku = article.Sku,
                    Name = article.Name(change.Language),
                    Description = InvoiceWords.Text("Line.Owner", change.Language, license.Number),
                    Quantity = 1,
                    UnitNet = new Money(price.NetCents),
                },
            ],
            Introduction = [InvoiceWords.Text("Introduction.Owner", change.Language)],
        };
    }

    private async Task TellAsync(
        PortalDbContext db, OwnerChange change, License license, Product product, Holder former, Holder holder,
        List<(RenamedComputer Computer, MailAttachment File)> written, IssuedInvoice? issued, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await outbox.EnqueueAsync(
            db,
            new OwnerChangeSettledMail(holder.AsRecipient())
            {
                ProductId = product.Id,
                CustomerId = holder.Id,
                ChangeId = change.Id,
                ChangeReference = change.Reference,
                Change = change.Kind,
                Product = product.Name,
                LicenseNumber = license.Number,
                CustomerNumber = holder.Number,
                Licensee = holder.Company,
                Invoice = issued is null ? null : InvoiceFacts.From(issued.Invoice),
                Computers = [.. written.Select(w => w.Computer)],
                Files = [.. written.Select(w => w.File), .. issued?.Attachments ?? []],
                KeyAddress = address.For("/lost-key"),
                SettledAt = now,
            },
            now,
            cancellationToken);
        if (change.Kind == OwnerChangeKind.Takeover)
        {
            await outbox.EnqueueAsync(
                db,
                new LicenseHandedOverMail(former.AsRecipient())
                {
                    ProductId = product.Id,
                    CustomerId = former.Id,
                    ChangeId = change.Id,
                    ChangeReference = change.Reference,
                    Product = product.Name,
                    LicenseNumber = license.Number,
                    HandedOverAt = now,
                },
                now,
                cancellationToken);
        }
    }

    private sealed record Settling(StaffAct Act, OwnerChange Change, OwnerSettlement Settlement, DateTimeOffset Now);
}
