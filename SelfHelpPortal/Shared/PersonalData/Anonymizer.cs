using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.PersonalData;

/// <summary>Takes names out of rows that stay. In the caller's transaction.</summary>
internal static class Anonymizer
{
    /// <summary>What stands in place of a contact: the pages of an old order still open, and nobody is written to.</summary>
    private const string NoContact = """{"name":"–","email":"","street":"","postalCode":"","city":"","country":"DE"}""";

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
        await db.Database.ExecuteSqlAsync(
            $"UPDATE activation SET pc_name = NULL, own_name = NULL, app_version = NULL WHERE license_id = ANY({licenses})",
            cancellationToken);
        await OfAppointmentsAsync(db, email, licenses, cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM activation_request WHERE license_id = ANY({licenses})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM release_request WHERE license_id = ANY({licenses})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE release_grant SET reason = '–' WHERE license_id = ANY({licenses})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE flag SET message = NULL WHERE license_id = ANY({licenses})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE flag_message m SET text = NULL FROM flag f WHERE f.id = m.flag_id AND f.license_id = ANY({licenses})",
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
                DELETE FROM license_file f USING activation a WHERE a.id = f.activation_id AND a.license_id = ANY({licenses}) AND a.state
                <> 'Active'
                """, cancellationToken);
        var merged = await db.Customers.Where(c => c.MergedIntoId == id).Select(c => c.Id).ToArrayAsync(cancellationToken);
        await BlankHistoryAsync(db, [id, .. merged, .. licenses, .. invoices], cancellationToken);

        // An account of the same address has mails of its own.
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM outbox WHERE customer_id = {id}
                 OR customer_id IS NULL AND lower(to_address) = lower({email})
                     AND NOT EXISTS (SELECT 1 FROM asp_net_users WHERE lower(email) = lower({email}))
             """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM asked_mail WHERE lower(address) = lower({email})", cancellationToken);
        Guid[] records = [id, .. licenses, .. activations, .. orders, .. invoices];
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

    /// <summary>Names, networks and words of these streams; the events and their chain stay. Names of staff are theirs.</summary>
    public static Task BlankHistoryAsync(PortalDbContext db, Guid[] streams, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
             UPDATE event_detail d SET actor_name = CASE WHEN e.actor_kind = 'Staff' THEN d.actor_name END, ip_prefix = NULL, text = NULL
             FROM license_event e WHERE e.id = d.event_id AND e.stream = ANY({streams})
             """,
            cancellationToken);
}
