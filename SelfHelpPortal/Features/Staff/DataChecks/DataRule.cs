using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.DataChecks;

/// <summary>What must hold between the rows of the database, whatever happened to the transactions that wrote them.</summary>
/// <param name="Name">For the log, the desk and the command.</param>
/// <param name="Sentence">What is wrong when a row is found.</param>
/// <param name="Sql">Selects one text for each violation, in the column <c>"Value" </c>. <c>{0} </c> is the instant since when mails are
/// kept.</param>
internal sealed record DataRule(string Name, string Sentence, string Sql)
{
    private const string OfLicense = "JOIN license l ON l.id = e.stream JOIN customer c ON c.id = l.customer_id AND c.erased_at IS NULL";

    /// <summary>Without those whose orderer was forgotten.</summary>
    private const string OfOrder = "JOIN transfer_request r ON r.id = e.stream AND r.contact ->> 'email' <> ''";
    private const string OfInvoice = "JOIN invoice i ON i.id = e.stream JOIN customer c ON c.id = i.customer_id AND c.erased_at IS NULL";

    public static readonly IReadOnlyList<DataRule> All =
    [
        new("invoice-not-accepted", "An invoice bills an order that was not accepted.", """
            SELECT i.number AS "Value" FROM invoice i JOIN transfer_request r ON r.id = i.transfer_request_id
            WHERE i.kind = 'Invoice' AND (r.accepted_at IS NULL
                OR i.cancelled_by_id IS NULL AND (r.state NOT IN ('Accepted', 'Completed') OR r.fee_waived))
            """),
        new("order-without-invoice", "An order was accepted, and nothing bills it.", """
            SELECT r.reference AS "Value" FROM transfer_request r
            WHERE r.state IN ('Accepted', 'Completed') AND NOT r.fee_waived
                AND NOT EXISTS (SELECT 1 FROM invoice i WHERE i.transfer_request_id = r.id)
            """),
        new("invoice-without-renewal", "An invoice bills a renewal that did not take place.", """
            SELECT i.number AS "Value" FROM invoice i WHERE i.kind = 'Invoice' AND i.license_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM license_event e WHERE e.stream = i.license_id AND e.kind = 'SubscriptionRenewed' AND e.at = i.created_at)
            """),
        new("invoice-without-event", "An invoice has no event that tells who issued it.", """
            SELECT i.number AS "Value" FROM invoice i
            WHERE NOT EXISTS (SELECT 1 FROM license_event e WHERE e.stream = i.id AND e.kind = 'InvoiceIssued')
            """),
        new("invoice-number", "A number of an invoice is missing, or was never counted.", """
            SELECT coalesce(s.kind, i.kind) || ' ' || coalesce(s.year, i.year) AS "Value"
            FROM invoice_series s
            FULL JOIN (SELECT kind, year, count(*) AS count, max(place) AS last FROM invoice GROUP BY kind, year) i
                ON i.kind = s.kind AND i.year = s.year
            WHERE coalesce(i.count, 0) <> coalesce(s.last_number, 0) OR coalesce(i.last, 0) <> coalesce(s.last_number, 0)
            """),
        new("seat", "A license is active on more computers than it has seats, or two share one.", """
            SELECT l.number AS "Value" FROM license l JOIN activation a ON a.license_id = l.id
            WHERE a.state = 'Active' AND a.ends_at IS NULL
            GROUP BY l.id, l.number, l.seats HAVING count(*) > l.seats OR count(DISTINCT a.seat) < count(*)
            """),
        new("merged-customer", "Something was left behind at a customer that was merged into another.", """
            SELECT c.number || ' ' || held.place AS "Value" FROM customer c JOIN (
                SELECT customer_id, 'license' AS place FROM license
                UNION SELECT customer_id, 'invoice' FROM invoice
                UNION SELECT customer_id, 'transfer_request' FROM transfer_request
                UNION SELECT customer_id, 'customer_member' FROM customer_member
                UNION SELECT customer_id, 'key_access' FROM key_access
                UNION SELECT customer_id, 'registration' FROM registration
                UNION SELECT merged_into_id, 'customer' FROM customer) held ON held.customer_id = c.id
            WHERE c.merged_into_id IS NOT NULL
            """),
        new("command-without-answer", "A command was kept without its answer.", """
            SELECT kind || ' ' || id AS "Value" FROM command WHERE answer IS NULL
            """),
        new("mail-without-release", "The owner was told of a release that did not take place.", """
            SELECT l.number || ' ' || a.handle AS "Value" FROM activation a JOIN license l ON l.id = a.license_id
            JOIN outbox m ON m.kind = 'released' AND m.business_key = a.handle || '/' || a.generation WHERE a.state = 'Active'
            """),
        new("mail-without-order", "A customer was told that an order is done, and it is not.", """
            SELECT r.reference AS "Value" FROM transfer_request r JOIN outbox m ON m.business_key = r.id::text
            WHERE m.kind = 'transfer-completed' AND r.state <> 'Completed' OR m.kind = 'transfer-invoice' AND r.accepted_at IS NULL
            """),

        // Each event of which the rule demands that somebody is told, and the key of that mail.
        Mail(EventKind.Released, OfLicense + " JOIN activation a ON a.id = (e.data ->> 'activation')::uuid", "l.number",
            "a.handle || '/' || a.generation", "released"),
        Mail(EventKind.LicenseLocked, OfLicense, "l.number", "e.data ->> 'case'", "locked"),
        Mail(EventKind.ComputerLocked, OfLicense, "l.number", "e.data ->> 'case'", "computer-locked", "locked"),
        Mail(EventKind.Unlocked, OfLicense + " JOIN flag f ON f.number = e.data ->> 'case' AND f.kind = 'Sighting'", "l.number",
            "e.data ->> 'case'", "unlocked"),
        Mail(EventKind.Objected, OfLicense, "l.number", "e.data ->> 'case'", "objected"),
        OrderMail("Completed", "transfer-completed"),
        OrderMail("Accepted", "transfer-invoice", "transfer-completed"),
        OrderMail("Declined", "transfer-declined"),
        OrderMail("Withdrawn", "transfer-withdrawn"),
        OrderMail("Expired", "transfer-withdrawn"),
        Mail(EventKind.InvoiceCancelled, OfInvoice, "i.number", "e.data ->> 'document'", "invoice-cancelled"),
        Mail(EventKind.InvoiceReminded, OfInvoice, "i.number", "i.id || '/' || (e.data ->> 'level')", "invoice-reminder"),
    ];

    /// <param name="state">The order came into it.</param>
    private static DataRule OrderMail(string state, params string[] mails) =>
        Mail(EventKind.Transfer, $"{OfOrder} AND e.data ->> 'after' = '{state}' AND e.data ->> 'before' <> e.data ->> 'after'",
            "r.reference", "r.id::text", mails) with
        {
            Name = $"mail-of-{state}",
        };

    private static DataRule Mail(EventKind kind, string joins, string subject, string key, params string[] mails) => new(
        $"mail-of-{kind}",
        "Something happened, and whoever has to be told of it was sent no mail.",
        $$"""
        SELECT {{subject}} || ' {{kind}} ' || e.stream || ' #' || e.seq AS "Value" FROM license_event e {{joins}}
        WHERE e.kind = '{{kind}}' AND e.at > {0}
            AND NOT EXISTS (SELECT 1 FROM outbox m WHERE m.kind IN ('{{string.Join("', '", mails)}}') AND m.business_key = {{key}})
        """);
}
