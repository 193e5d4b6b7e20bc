using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Shared.PersonalData;

/// <summary>A table of the export.</summary>
/// <param name="File">In the ZIP; a topic may have several tables.</param>
/// <param name="Table">Of the database, and the name of the list in the file.</param>
/// <param name="Sql">Gives one JSON object a row. The parameters: see <see cref="Names"/>.</param>
internal sealed record ExportTable(string File, string Table, string Sql)
{
    /// <summary>
    /// What every statement may ask for: <c>me </c> (the account, or null), <c>mine </c> (the customers), <c>my_address </c> (of the
    /// account, or null) and <c>addresses </c> (those and the customers' addresses on file, in small letters). What belongs to others is
    /// not in reach of them. Conditions that go by different indexes are a UNION, since OR between them reads a table from end to end.
    /// </summary>
    public const string Names =
        """
        WITH me AS (SELECT id, lower(email) AS email FROM asp_net_users WHERE id = $1),
        mine AS (SELECT id, lower(email) AS email FROM customer WHERE id = ANY($2)),
        addresses AS (SELECT email FROM me UNION SELECT email FROM mine WHERE email <> ''),
        licenses AS (SELECT id FROM license WHERE customer_id IN (SELECT id FROM mine)),
        held AS (
            SELECT l.id AS license_id, coalesce((SELECT max(h.held_until) FROM license_holder h WHERE h.license_id = l.id),
                '-infinity') AS held_from, timestamptz 'infinity' AS held_until
            FROM license l WHERE l.customer_id IN (SELECT id FROM mine)
            UNION ALL
            SELECT license_id, CASE WHEN EXISTS (
                    SELECT 1 FROM license_holder b WHERE b.license_id = h.license_id AND b.held_until <= h.held_from)
                THEN held_from ELSE '-infinity' END, held_until
            FROM license_holder h WHERE customer_id IN (SELECT id FROM mine)),
        activations AS (
            SELECT a.id FROM activation a JOIN held h ON h.license_id = a.license_id
                AND coalesce(a.ended_at, 'infinity') >= h.held_from
                AND (coalesce(a.ended_at, 'infinity') < h.held_until OR h.held_until = 'infinity')),
        orders AS (
            SELECT id FROM transfer_request WHERE customer_id IN (SELECT id FROM mine)
            UNION SELECT id FROM transfer_request WHERE lower(contact ->> 'email') IN (SELECT email FROM me)
            UNION SELECT id FROM transfer_request
            WHERE state = 'Draft' AND (lower(draft -> 'contact' ->> 'email') IN (SELECT email FROM me)
                OR (draft ->> 'licenseId')::uuid IN (SELECT id FROM licenses))),
        appointments AS (
            SELECT id FROM appointment WHERE lower(email) IN (SELECT email FROM addresses)
            UNION SELECT t.id FROM appointment t
            JOIN held h ON h.license_id = t.license_id AND t.booked_at >= h.held_from AND t.booked_at < h.held_until),
        invoices AS (SELECT id FROM invoice WHERE customer_id IN (SELECT id FROM mine)),
        owner_changes AS (
            SELECT id FROM owner_change WHERE customer_id IN (SELECT id FROM mine) AND sent_at IS NOT NULL
            UNION SELECT id FROM owner_change WHERE new_customer_id IN (SELECT id FROM mine)
            UNION SELECT id FROM owner_change
            WHERE lower(licensee ->> 'email') IN (SELECT email FROM addresses)
                AND (taker_agreed_at IS NOT NULL OR owner_agreed_at IS NOT NULL)),
        streams AS (
            SELECT id FROM mine UNION SELECT id FROM customer WHERE merged_into_id IN (SELECT id FROM mine)
            UNION SELECT id FROM orders UNION SELECT id FROM invoices
            UNION SELECT id FROM appointments UNION SELECT id FROM owner_changes UNION SELECT id FROM me),
        known AS (
            SELECT email FROM addresses UNION SELECT lower(contact ->> 'email') FROM transfer_request WHERE id IN (SELECT id FROM orders)
            UNION SELECT lower(content -> 'buyer' ->> 'email') FROM invoice WHERE id IN (SELECT id FROM invoices))
        """;

    /// <summary>In the order of the files. Secrets are left out by name; a test holds every column against docs/security/data.md.</summary>
    public static IReadOnlyList<ExportTable> All { get; } =
    [
        Rows("account.json", "asp_net_users", "id IN (SELECT id FROM me)",
            "password_hash", "security_stamp", "concurrency_stamp", "last_totp_step", "normalized_user_name", "normalized_email"),
        new("account.json", "asp_net_user_passkeys",
            """
            SELECT jsonb_build_object('name', p.data ->> 'Name', 'created_at', p.data ->> 'CreatedAt',
                'last_used_at', (SELECT max(u.used_at) FROM passkey_use u WHERE u.credential_id = p.credential_id))
            FROM asp_net_user_passkeys p WHERE p.user_id IN (SELECT id FROM me)
            """),
        Rows("account.json", "user_session", "user_id IN (SELECT id FROM me)", "id"),
        Rows("account.json", "address_change", "user_id IN (SELECT id FROM me)"),
        Rows("account.json", "asp_net_user_claims", "user_id IN (SELECT id FROM me)"),
        Rows("account.json", "asp_net_user_logins", "user_id IN (SELECT id FROM me)"),
        new("account.json", "asp_net_user_roles",
            "SELECT jsonb_build_object('role', r.name) FROM asp_net_user_roles u JOIN asp_net_roles r ON r.id = u.role_id WHERE u.user_id "
                + "IN (SELECT id FROM me)"),
        new("memberships.json", "customer_member",
            $"""
             SELECT jsonb_build_object('customer', c.number, 'company', c.company, 'role', {Role}, 'since', m.since,
                 'copies_releases', m.copies_releases, 'copies_locks', m.copies_locks)
             FROM customer_member m JOIN customer c ON c.id = m.customer_id WHERE m.user_id IN (SELECT id FROM me)
             """),
        new("memberships.json", "key_access",
            """
            SELECT jsonb_build_object('license', l.number, 'company', c.company, 'since', k.since)
            FROM key_access k JOIN license l ON l.id = k.license_id JOIN customer c ON c.id = k.customer_id
            WHERE k.user_id IN (SELECT id FROM me)
            """),
        Rows("customers.json", "customer", "id IN (SELECT id FROM mine)", "search_text"),
        // Of the others who act for the customer: the role, and enough of the address to know who is meant.
        new("customers.json", "people",
            $"""
             SELECT jsonb_build_object('customer', c.number, 'role', {Role}, 'since', m.since, 'you', m.user_id IN (SELECT id FROM me),
                 'address', {Masked("u.email")})
             FROM customer_member m JOIN customer c ON c.id = m.customer_id JOIN asp_net_users u ON u.id = m.user_id
             WHERE m.customer_id IN (SELECT id FROM mine)
             """),
        new("customers.json", "people_by_key",
            $"""
             SELECT jsonb_build_object('customer', c.number, 'license', l.number, 'since', k.since, 'address', {Masked("u.email")})
             FROM key_access k JOIN license l ON l.id = k.license_id JOIN customer c ON c.id = k.customer_id
             JOIN asp_net_users u ON u.id = k.user_id
             WHERE k.customer_id IN (SELECT id FROM mine)
             """),
        // Whoever was invited or came with a key; of others, again, a masked address.
        new("customers.json", "registration",
            $"""
             SELECT to_jsonb(t) - ARRAY['email', 'invited_by', 'user_id']
                 || jsonb_build_object('email',
                     CASE WHEN lower(t.email) IN (SELECT email FROM addresses) THEN t.email ELSE {Masked("t.email")} END)
             FROM registration t
             WHERE t.customer_id IN (SELECT id FROM mine) OR {Held("registration", "created_at")}
                 OR lower(t.email) IN (SELECT email FROM me) OR t.user_id IN (SELECT id FROM me)
             """),
        Rows("licenses.json", "license", "id IN (SELECT id FROM licenses)", "key_hash", "key_folded_hash", "key_pepper_id", "key_sealed"),
        Rows("licenses.json", "activation", "id IN (SELECT id FROM activations)", "sealed_release_secret"),
        Rows("licenses.json", "activation_seen", "activation_id IN (SELECT id FROM activations)"),
        Rows("licenses.json", "activation_request", Held("activation_request", "created_at")),
        Rows("licenses.json", "license_file", "activation_id IN (SELECT id FROM activations)", "sealed_text"),
        Rows("licenses.json", "loan", Held("loan", "created_at")),
        Rows("releases.json", "release_request", Held("release_request", "created_at")),
        Rows("releases.json", "release_grant", Held("release_grant", "granted_at")),
        Rows("flags.json", "flag", Held("flag", "opened_at")),
        Rows("flags.json", "flag_message", $"flag_id IN ({Flags})"),
        Rows("flags.json", "emergency_grant", Held("emergency_grant", "granted_at")),
        Rows("flags.json", "flagged_computer", $"flag_id IN ({Flags})"),
        Rows("transfers.json", "transfer_request", "id IN (SELECT id FROM orders)"),
        Rows("transfers.json", "transfer_item", "request_id IN (SELECT id FROM orders)"),
        Rows("transfers.json", "transfer_pc", "request_id IN (SELECT id FROM orders)"),
        Rows("transfers.json", "transfer_message", "request_id IN (SELECT id FROM orders)"),
        Rows("appointments.json", "appointment", "id IN (SELECT id FROM appointments)", "form_id"),
        Rows("appointments.json", "appointment_file", "appointment_id IN (SELECT id FROM appointments)", "content"),
        new("ownership.json", "license_holder",
            """
            SELECT jsonb_build_object('license', l.number, 'from', h.held_from, 'until', h.held_until)
            FROM license_holder h JOIN license l ON l.id = h.license_id WHERE h.customer_id IN (SELECT id FROM mine)
            """),
        // Of the company that takes over, whoever hands over has the name and no more.
        new("ownership.json", "owner_change",
            """
            SELECT to_jsonb(t) - ARRAY['customer_id', 'new_customer_id']
                || CASE WHEN t.kind = 'Takeover' AND t.customer_id IN (SELECT id FROM mine)
                    THEN jsonb_build_object('licensee', jsonb_build_object('company', t.licensee ->> 'company')) ELSE '{}' END
            FROM owner_change t WHERE t.id IN (SELECT id FROM owner_changes)
            """),
        Rows("ownership.json", "owner_document", "change_id IN (SELECT id FROM owner_changes)", "content"),
        Rows("invoices.json", "invoice", "id IN (SELECT id FROM invoices)"),
        Rows("invoices.json", "invoice_line", "invoice_id IN (SELECT id FROM invoices)"),
        Rows("invoices.json", "payment", "invoice_id IN (SELECT id FROM invoices)"),
        Rows("invoices.json", "invoice_document", "invoice_id IN (SELECT id FROM invoices) AND kind <> 'Check'", "bytes"),
        // Whom else a mail of the customer went to is masked, and what only that person was told is left out.
        new("mails.json", "outbox",
            $"""
             SELECT jsonb_build_object(
                 'id', t.id, 'kind', t.kind, 'created_at', t.created_at, 'sent_at', t.sent_at, 'state', t.state, 'reference', t.reference,
                 'culture', t.culture, 'subject', t.subject,
                 'to_address', CASE WHEN k.email IS NULL THEN {Masked("t.to_address")} ELSE t.to_address END,
                 'to_name', CASE WHEN k.email IS NOT NULL THEN t.to_name END,
                 'copy_text', CASE WHEN k.email IS NOT NULL OR t.kind LIKE 'staff-%' THEN t.copy_text END,
                 'attachments', t.attachments, 'last_reply', t.last_reply)
             FROM outbox t LEFT JOIN known k ON k.email = lower(t.to_address) WHERE t.id IN ({Mails})
             """),
        Rows("mails.json", "outbox_attempt", $"outbox_id IN ({Mails})"),
        Rows("mails.json", "asked_mail", "lower(address) IN (SELECT email FROM addresses)"),
        new("events.json", Events,
            """
            SELECT jsonb_build_object(
                'id', e.id, 'at', e.at, 'kind', e.kind, 'by', e.actor_kind, 'you', coalesce(e.actor_id IN (SELECT id FROM me), false),
                'name', CASE WHEN e.actor_id IN (SELECT id FROM me) THEN d.actor_name END,
                'network', CASE WHEN e.actor_kind <> 'Staff' AND (e.actor_id IS NULL OR e.actor_id IN (SELECT id FROM me))
                    THEN d.ip_prefix END,
                'text', d.text, 'data', e.data)
            FROM license_event e LEFT JOIN event_detail d ON d.event_id = e.id
            WHERE e.id IN (
                SELECT id FROM license_event WHERE stream IN (SELECT id FROM streams)
                UNION SELECT id FROM license_event WHERE actor_id IN (SELECT id FROM me)
                UNION SELECT o.id FROM license_event o
                JOIN held h ON h.license_id = o.stream AND o.at >= h.held_from AND o.at <= h.held_until)
            """),
    ];

    public const string Events = "license_event";

    private const string Role = "CASE m.role WHEN 1 THEN 'owner' ELSE 'member' END";

    private const string Flags =
        "SELECT f.id FROM flag f JOIN held h ON h.license_id = f.license_id AND f.opened_at >= h.held_from AND f.opened_at < h.held_until";

    private const string Mails =
        """
        SELECT id FROM outbox WHERE customer_id IN (SELECT id FROM mine)
        UNION SELECT id FROM outbox WHERE lower(to_address) IN (SELECT email FROM me)
        UNION SELECT id FROM outbox WHERE customer_id IS NULL AND lower(to_address) IN (SELECT email FROM addresses)
        """;

    private static ExportTable Rows(string file, string table, string condition, params string[] leftOut) =>
        new(file, table,
            $"SELECT to_jsonb(t) - ARRAY[{string.Join(", ", leftOut.Select(column => $"'{column}'"))}]::text[] FROM {table} t WHERE "
                + $"{condition}");

    /// <summary>Of a license, in the time in which the customer had it.</summary>
    private static string Held(string table, string at) =>
        $"""
         t.id IN (SELECT o.id FROM {table} o
             JOIN held h ON h.license_id = o.license_id AND o.{at} >= h.held_from AND o.{at} < h.held_until)
         """;

    /// <summary>As <see cref="Masks.Address"/> does it.</summary>
    private static string Masked(string column) => $@"regexp_replace({column}, '^(.{{1,2}}).*@(.{{1,2}}).*(\.[^.]*)$', '\1•••@\2•••\3')";
}
