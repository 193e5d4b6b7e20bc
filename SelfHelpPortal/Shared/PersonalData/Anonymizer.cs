using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Shared.PersonalData;

/// <summary>Takes names out of rows that stay. In the caller's transaction.</summary>
internal static class Anonymizer
{
    /// <summary>What stands in place of a contact: the pages of an old order still open, and nobody is written to.</summary>
    private const string NoContact = """{"name":"–","email":"","street":"","postalCode":"","city":"","country":"DE"}""";

    /// <summary>The same in place of a licensee.</summary>
    private const string NoLicensee = """{"company":"–","isConsumer":false,"street":"","postalCode":"","city":"","country":"DE"}""";

    /// <summary>Who ordered, with what and in which words. Reference, state, price and the new computer's code stay.</summary>
    public static async Task OfOrdersAsync(PortalDbContext db, Guid[] orders, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"DELETE FROM transfer_message WHERE request_id = ANY({orders})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM transfer_pc WHERE request_id = ANY({orders})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE transfer_item SET new_pc_name = NULL, stated_license = NULL, app_version = NULL WHERE request_id = ANY({orders})",
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $$"""
             UPDATE transfer_request SET draft = '{}', contact = {{NoContact}}::jsonb, vat_id_check = NULL, staff_reason = NULL
             WHERE id = ANY({{orders}}) AND contact IS NOT NULL
             """,
            cancellationToken);
        await BlankHistoryAsync(db, orders, cancellationToken);
    }

    /// <summary>
    /// Everything by which the customer can be known but the number. Orders and cases are over; invoices and their documents stay as they
    /// are.
    /// </summary>
    public static async Task OfCustomerAsync(
        PortalDbContext db, Licensing.Customer customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, email) = (customer.Id, customer.Email);
        var licenses = await db.Licenses.Where(l => l.CustomerId == id).Select(l => l.Id).ToArrayAsync(cancellationToken);
        var activations = await db.Activations.Where(a => licenses.Contains(a.LicenseId)).Select(a => a.Id).ToArrayAsync(cancellationToken);
        var invoices = await db.Invoices.Where(i => i.CustomerId == id).Select(i => i.Id).ToArrayAsync(cancellationToken);
        var orders = await db.Transfers.Where(r => r.CustomerId == id).Select(r => r.Id).ToArrayAsync(cancellationToken);

        await OfOrdersAsync(db, orders, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM transfer_request WHERE state = 'Draft'
                 AND (lower(draft -> 'contact' ->> 'email') = lower({email}) OR (draft ->> 'licenseId')::uuid = ANY({licenses}))
             """,
            cancellationToken);
        await OfAppointmentsAsync(db, email, licenses, cancellationToken);
        var held = await LicenseHolders.TimesOfAsync(db, id, cancellationToken);
        await OfHeldLicensesAsync(db, held, cancellationToken);
        var loans = await DeleteLoansAsync(db, held, cancellationToken);
        await OfOwnerChangesAsync(db, id, email, licenses, cancellationToken);
        var merged = await db.Customers.Where(c => c.MergedIntoId == id).Select(c => c.Id).ToArrayAsync(cancellationToken);
        await BlankHistoryAsync(db, [id, .. merged, .. invoices], cancellationToken);

        // An account of the same address has mails of its own.
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM outbox WHERE customer_id = {id}
                 OR customer_id IS NULL AND lower(to_address) = lower({email})
                     AND NOT EXISTS (SELECT 1 FROM asp_net_users WHERE lower(email) = lower({email}))
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM asked_mail WHERE lower(address) = lower({email})", cancellationToken);
        Guid[] records = [id, .. licenses, .. activations, .. orders, .. invoices, .. loans];
        await db.Database.ExecuteSqlAsync($"DELETE FROM mail_link WHERE record_id = ANY({records})", cancellationToken);
        var hash = MailAddresses.Hash(email);
        await db.Database.ExecuteSqlAsync(
            $"""
                DELETE FROM mail_address WHERE address_hash = {hash} AND NOT EXISTS (SELECT 1 FROM asp_net_users WHERE lower(email) =
                lower({email}))
                """, cancellationToken);

        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM registration WHERE customer_id = {id} OR license_id = ANY({licenses})", cancellationToken);
        await db.CustomerMembers.Where(m => m.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        await db.KeyAccesses.Where(k => k.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        (customer.Company, customer.Email, customer.ErasedAt) = (customer.Number, "", now);
        (customer.Street, customer.PostalCode, customer.City, customer.VatId) = (null, null, null, null);
        customer.InvoiceFormat = default;
    }

    /// <summary>Appointments go as a whole, with the calendar files; what staff wrote about them is blanked.</summary>
    /// <param name="licenses">Whose appointments go as well, whatever address they were booked with.</param>
    public static async Task OfAppointmentsAsync(PortalDbContext db, string email, Guid[] licenses, CancellationToken cancellationToken)
    {
        var gone = await db.Database.SqlQuery<Guid>(
            $"SELECT id AS \"Value\" FROM appointment WHERE lower(email) = lower({email}) OR license_id = ANY({licenses})")
            .ToArrayAsync(cancellationToken);
        await BlankHistoryAsync(db, gone, cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM appointment WHERE id = ANY({gone})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM mail_link WHERE record_id = ANY({gone})", cancellationToken);
    }

    /// <returns>What was deleted, for the links that lead there.</returns>
    private static Task<List<Guid>> DeleteLoansAsync(PortalDbContext db, HeldTimes held, CancellationToken cancellationToken)
    {
        var (licenses, from, until) = held;
        return db.Database.SqlQuery<Guid>(
            $"""
             DELETE FROM loan l USING unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE l.license_id = h.license_id AND l.created_at >= h.held_from AND l.created_at < h.held_until
             RETURNING l.id AS "Value"
             """).ToListAsync(cancellationToken);
    }

    /// <summary>What happened to licenses while they were the customer's; a time before or after it is another's.</summary>
    private static async Task OfHeldLicensesAsync(PortalDbContext db, HeldTimes held, CancellationToken cancellationToken)
    {
        var (licenses, from, until) = held;
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE activation a SET pc_name = NULL, own_name = NULL, app_version = NULL
             FROM unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE a.license_id = h.license_id AND coalesce(a.ended_at, 'infinity') >= h.held_from
                 AND (coalesce(a.ended_at, 'infinity') < h.held_until OR h.held_until = 'infinity')
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM license_file f USING activation a, unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE a.id = f.activation_id AND a.license_id = h.license_id AND a.state <> 'Active'
                 AND a.ended_at >= h.held_from AND a.ended_at < h.held_until
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM activation_request r USING unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE r.license_id = h.license_id AND r.created_at >= h.held_from AND r.created_at < h.held_until
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM release_request r USING unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE r.license_id = h.license_id AND r.created_at >= h.held_from AND r.created_at < h.held_until
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE release_grant g SET reason = '–' FROM unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE g.license_id = h.license_id AND g.granted_at >= h.held_from AND g.granted_at < h.held_until
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE flag f SET message = NULL FROM unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE f.license_id = h.license_id AND f.opened_at >= h.held_from AND f.opened_at < h.held_until
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE flag_message m SET text = NULL
             FROM flag f, unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE f.id = m.flag_id AND f.license_id = h.license_id AND f.opened_at >= h.held_from AND f.opened_at < h.held_until
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE event_detail d SET actor_name = CASE WHEN e.actor_kind = 'Staff' THEN d.actor_name END, ip_prefix = NULL, text = NULL
             FROM license_event e, unnest({licenses}, {from}, {until}) AS h(license_id, held_from, held_until)
             WHERE e.id = d.event_id AND e.stream = h.license_id AND e.at >= h.held_from AND e.at <= h.held_until
             """,
            cancellationToken);
    }

    /// <summary>
    /// Cases about the licensee: of one that nobody has agreed to everything goes. Of a takeover that was settled each of the two takes out
    /// what is its own: whoever handed over the person who asked, whoever took over its data and the document.
    /// </summary>
    private static async Task OfOwnerChangesAsync(
        PortalDbContext db, Guid customer, string email, Guid[] licenses, CancellationToken cancellationToken)
    {
        var gone = await db.Database.SqlQuery<Guid>(
            $"""
             SELECT id AS "Value" FROM owner_change WHERE state IN ('Draft', 'AwaitingConfirmation')
                 AND (customer_id = {customer} OR license_id = ANY({licenses}) OR lower(licensee ->> 'email') = lower({email}))
             """).ToArrayAsync(cancellationToken);
        var kept = await db.Database.SqlQuery<Guid>(
            $"""
             SELECT id AS "Value" FROM owner_change WHERE NOT id = ANY({gone})
                 AND (customer_id = {customer} OR new_customer_id = {customer} OR lower(licensee ->> 'email') = lower({email}))
             """).ToArrayAsync(cancellationToken);
        await BlankHistoryAsync(db, [.. gone, .. kept], cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM mail_link WHERE record_id = ANY({gone}) OR record_id = ANY({kept})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM owner_change WHERE id = ANY({gone})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE owner_change SET asked_by = '–', phone = NULL, stated_license = NULL, question = NULL, answer = NULL,
                 staff_reason = NULL
             WHERE id = ANY({kept})
             """,
            cancellationToken);
        var own = await db.Database.SqlQuery<Guid>(
            $"""
             SELECT id AS "Value" FROM owner_change WHERE id = ANY({kept})
                 AND (kind = 'Data' OR new_customer_id = {customer} OR lower(licensee ->> 'email') = lower({email}))
             """).ToArrayAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE owner_change SET licensee = {NoLicensee}::jsonb WHERE id = ANY({own})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM owner_document WHERE change_id = ANY({own})", cancellationToken);
    }

    /// <summary>Names, networks and words of these streams; the events and their chain stay. Names of staff are theirs.</summary>
    public static Task BlankHistoryAsync(PortalDbContext db, Guid[] streams, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
             UPDATE event_detail d SET actor_name = CASE WHEN e.actor_kind = 'Staff' THEN d.actor_name END, ip_prefix = NULL, text = NULL
             FROM license_event e WHERE e.id = d.event_id AND e.stream = ANY({streams})
             """,
            cancellationToken);
}
