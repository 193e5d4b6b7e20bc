using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "customer_number",
                startValue: 10042L);

            migrationBuilder.CreateSequence(
                name: "flag_number",
                startValue: 1001L);

            migrationBuilder.CreateSequence(
                name: "license_number",
                startValue: 1043L);

            migrationBuilder.CreateTable(
                name: "asked_mail",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    culture = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    record_id = table.Column<Guid>(type: "uuid", nullable: true),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asked_mail", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_roles",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_roles", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    display_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    culture = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    last_totp_step = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    security_stamp = table.Column<string>(type: "text", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true),
                    phone_number = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    phone_number_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    two_factor_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    lockout_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "command",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    answer = table.Column<byte[]>(type: "bytea", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_command", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "customer",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    company = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    is_consumer = table.Column<bool>(type: "boolean", nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    language = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    street = table.Column<string>(type: "text", nullable: true),
                    postal_code = table.Column<string>(type: "text", nullable: true),
                    city = table.Column<string>(type: "text", nullable: true),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    vat_id = table.Column<string>(type: "text", nullable: true),
                    reminders_paused = table.Column<bool>(type: "boolean", nullable: false),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_customer", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "daily_run",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    done_day = table.Column<DateOnly>(type: "date", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_daily_run", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_key",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    friendly_name = table.Column<string>(type: "text", nullable: false),
                    xml = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_key", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "guess_bucket",
                columns: table => new
                {
                    scope = table.Column<string>(type: "text", nullable: false),
                    subject_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    window_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guess_bucket", x => new { x.scope, x.subject_hash });
                });

            migrationBuilder.CreateTable(
                name: "invoice_series",
                columns: table => new
                {
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    last_number = table.Column<int>(type: "integer", nullable: false),
                    last_issue_date = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_series", x => new { x.kind, x.year });
                });

            migrationBuilder.CreateTable(
                name: "license_event",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    stream = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    actor_kind = table.Column<string>(type: "text", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    data = table.Column<string>(type: "json", nullable: false),
                    detail_digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    previous_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_license_event", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "mail_address",
                columns: table => new
                {
                    address_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_reply = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_address", x => x.address_hash);
                });

            migrationBuilder.CreateTable(
                name: "mail_circuit",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    next_try_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_circuit", x => x.id);
                    table.CheckConstraint("ck_mail_circuit_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "mail_link",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false),
                    record_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_link", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    business_key = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    priority = table.Column<short>(type: "smallint", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    claimed_by = table.Column<string>(type: "text", nullable: true),
                    send_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    message_id = table.Column<string>(type: "text", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: true),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    to_address = table.Column<string>(type: "text", nullable: false),
                    to_name = table.Column<string>(type: "text", nullable: true),
                    culture = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<byte[]>(type: "bytea", nullable: true),
                    copy_text = table.Column<string>(type: "text", nullable: false),
                    attachments = table.Column<string>(type: "jsonb", nullable: false),
                    last_result = table.Column<short>(type: "smallint", nullable: true),
                    last_reply = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    unknown_count = table.Column<short>(type: "smallint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "product",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    policies = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_product", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "registration",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: true),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    role = table.Column<int>(type: "integer", nullable: true),
                    invited_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_registration", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "vat_rate",
                columns: table => new
                {
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    category = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    percent = table.Column<decimal>(type: "numeric(5,2)", precision: 5, scale: 2, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vat_rate", x => new { x.country, x.category, x.valid_from });
                    table.CheckConstraint("ck_vat_rate_percent", "percent >= 0 AND percent < 100");
                });

            migrationBuilder.CreateTable(
                name: "asp_net_role_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    role_id = table.Column<Guid>(type: "uuid", nullable: false),
                    claim_type = table.Column<string>(type: "text", nullable: true),
                    claim_value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_role_claims", x => x.id);
                    table.ForeignKey(
                        name: "fk_asp_net_role_claims_asp_net_roles_role_id",
                        column: x => x.role_id,
                        principalTable: "asp_net_roles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "address_change",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    old_email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    new_email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    old_confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    new_confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_address_change", x => x.id);
                    table.ForeignKey(
                        name: "fk_address_change_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_user_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    claim_type = table.Column<string>(type: "text", nullable: true),
                    claim_value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_user_claims", x => x.id);
                    table.ForeignKey(
                        name: "fk_asp_net_user_claims_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_user_logins",
                columns: table => new
                {
                    login_provider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    provider_key = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    provider_display_name = table.Column<string>(type: "text", nullable: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_user_logins", x => new { x.login_provider, x.provider_key });
                    table.ForeignKey(
                        name: "fk_asp_net_user_logins_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_user_passkeys",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_user_passkeys", x => x.credential_id);
                    table.ForeignKey(
                        name: "fk_asp_net_user_passkeys_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_user_roles",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_user_roles", x => new { x.user_id, x.role_id });
                    table.ForeignKey(
                        name: "fk_asp_net_user_roles_asp_net_roles_role_id",
                        column: x => x.role_id,
                        principalTable: "asp_net_roles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_asp_net_user_roles_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "asp_net_user_tokens",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    login_provider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    name = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asp_net_user_tokens", x => new { x.user_id, x.login_provider, x.name });
                    table.ForeignKey(
                        name: "fk_asp_net_user_tokens_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_session",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    signed_in_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    network = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    browser = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    strength = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_session", x => x.id);
                    table.ForeignKey(
                        name: "fk_user_session_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customer_member",
                columns: table => new
                {
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<int>(type: "integer", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    copies_releases = table.Column<bool>(type: "boolean", nullable: false),
                    copies_locks = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_customer_member", x => new { x.customer_id, x.user_id });
                    table.CheckConstraint("ck_customer_member_role", "role IN (0, 1)");
                    table.ForeignKey(
                        name: "fk_customer_member_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_customer_member_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "transfer_request",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    reference = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    draft = table.Column<string>(type: "jsonb", nullable: false),
                    product_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    remedy = table.Column<string>(type: "text", nullable: true),
                    language = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    contact = table.Column<string>(type: "jsonb", nullable: true),
                    price = table.Column<string>(type: "jsonb", nullable: true),
                    vat_id_check = table.Column<string>(type: "jsonb", nullable: true),
                    ordered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    review_reasons = table.Column<string>(type: "jsonb", nullable: false),
                    fee_waived = table.Column<bool>(type: "boolean", nullable: false),
                    staff_reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_transfer_request", x => x.id);
                    table.CheckConstraint("ck_transfer_request_ordered", "state IN ('Draft', 'Expired') OR reference IS NOT NULL");
                    table.ForeignKey(
                        name: "fk_transfer_request_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "event_detail",
                columns: table => new
                {
                    event_id = table.Column<long>(type: "bigint", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: false),
                    actor_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ip_prefix = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    text = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_detail", x => x.event_id);
                    table.ForeignKey(
                        name: "fk_event_detail_license_event_event_id",
                        column: x => x.event_id,
                        principalTable: "license_event",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outbox_attempt",
                columns: table => new
                {
                    outbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    node = table.Column<string>(type: "text", nullable: false),
                    result = table.Column<short>(type: "smallint", nullable: false),
                    status_code = table.Column<int>(type: "integer", nullable: true),
                    reply = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    resend_after_unknown = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_attempt", x => new { x.outbox_id, x.number });
                    table.ForeignKey(
                        name: "fk_outbox_attempt_outbox_outbox_id",
                        column: x => x.outbox_id,
                        principalTable: "outbox",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "license",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    serial = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    product_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seats = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    maintenance_until = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    key_folded_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    key_pepper_id = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    key_sealed = table.Column<byte[]>(type: "bytea", nullable: false),
                    key_last_five = table.Column<string>(type: "character varying(5)", maxLength: 5, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_license", x => x.id);
                    table.CheckConstraint("ck_license_seats", "seats > 0");
                    table.ForeignKey(
                        name: "fk_license_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_license_product_product_id",
                        column: x => x.product_id,
                        principalTable: "product",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "price_list_entry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    product_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    sku = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    net_cents = table.Column<long>(type: "bigint", nullable: false),
                    term_months = table.Column<int>(type: "integer", nullable: true),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    valid_until = table.Column<DateOnly>(type: "date", nullable: true),
                    name_de = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    name_en = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_list_entry", x => x.id);
                    table.CheckConstraint("ck_price_list_entry_days", "valid_from <= valid_until");
                    table.CheckConstraint("ck_price_list_entry_net", "net_cents > 0");
                    table.CheckConstraint("ck_price_list_entry_term", "term_months > 0");
                    table.ForeignKey(
                        name: "fk_price_list_entry_product_product_id",
                        column: x => x.product_id,
                        principalTable: "product",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "passkey_use",
                columns: table => new
                {
                    question_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    credential_id = table.Column<byte[]>(type: "bytea", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkey_use", x => x.question_hash);
                    table.ForeignKey(
                        name: "fk_passkey_use_asp_net_user_passkeys_credential_id",
                        column: x => x.credential_id,
                        principalTable: "asp_net_user_passkeys",
                        principalColumn: "credential_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "transfer_message",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    from_customer = table.Column<bool>(type: "boolean", nullable: false),
                    text = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_transfer_message", x => x.id);
                    table.ForeignKey(
                        name: "fk_transfer_message_transfer_request_request_id",
                        column: x => x.request_id,
                        principalTable: "transfer_request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "transfer_pc",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    hardware_code = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_transfer_pc", x => x.id);
                    table.ForeignKey(
                        name: "fk_transfer_pc_transfer_request_request_id",
                        column: x => x.request_id,
                        principalTable: "transfer_request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "activation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seat = table.Column<int>(type: "integer", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    handle = table.Column<string>(type: "character varying(13)", maxLength: 13, nullable: false),
                    hardware_code = table.Column<string>(type: "character varying(35)", maxLength: 35, nullable: false),
                    pc_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    own_name = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    app_version = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    activated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sealed_release_secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    released_by = table.Column<string>(type: "text", nullable: true),
                    charged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    released_by_grant = table.Column<bool>(type: "boolean", nullable: false),
                    restored_as_id = table.Column<Guid>(type: "uuid", nullable: true),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activation", x => x.id);
                    table.CheckConstraint("ck_activation_generation", "generation between 1 and 255");
                    table.ForeignKey(
                        name: "fk_activation_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activation_request",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hardware_code = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: false),
                    pc_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    app_version = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activation_request", x => x.id);
                    table.ForeignKey(
                        name: "fk_activation_request_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "flag",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    stage = table.Column<string>(type: "text", nullable: false),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_event_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    message = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_flag", x => x.id);
                    table.ForeignKey(
                        name: "fk_flag_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invoice",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    place = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    issue_date = table.Column<DateOnly>(type: "date", nullable: false),
                    service_date = table.Column<DateOnly>(type: "date", nullable: false),
                    due_date = table.Column<DateOnly>(type: "date", nullable: true),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    transfer_request_id = table.Column<Guid>(type: "uuid", nullable: true),
                    license_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cancels_id = table.Column<Guid>(type: "uuid", nullable: true),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    vat_case = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    vat_rate = table.Column<decimal>(type: "numeric(5,2)", precision: 5, scale: 2, nullable: false),
                    vat_evidence = table.Column<string>(type: "jsonb", nullable: true),
                    net_cents = table.Column<long>(type: "bigint", nullable: false),
                    vat_cents = table.Column<long>(type: "bigint", nullable: false),
                    gross_cents = table.Column<long>(type: "bigint", nullable: false),
                    retain_until = table.Column<DateOnly>(type: "date", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancelled_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reminder_level = table.Column<int>(type: "integer", nullable: false),
                    next_reminder_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reminders_paused = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice", x => x.id);
                    table.CheckConstraint("ck_invoice_kind", "(kind = 'Cancellation') = (cancels_id IS NOT NULL) AND (kind = 'Invoice') = (due_date IS NOT NULL)");
                    table.CheckConstraint("ck_invoice_reminder_level", "reminder_level BETWEEN 0 AND 3");
                    table.CheckConstraint("ck_invoice_state", "(state = 'Cancelled') = (cancelled_by_id IS NOT NULL) AND (state = 'Paid') <= (paid_at IS NOT NULL)");
                    table.CheckConstraint("ck_invoice_sum", "net_cents + vat_cents = gross_cents");
                    table.ForeignKey(
                        name: "fk_invoice_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_invoice_invoice_cancelled_by_id",
                        column: x => x.cancelled_by_id,
                        principalTable: "invoice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_invoice_invoice_cancels_id",
                        column: x => x.cancels_id,
                        principalTable: "invoice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_invoice_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_invoice_transfer_request_transfer_request_id",
                        column: x => x.transfer_request_id,
                        principalTable: "transfer_request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "release_grant",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    granted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_release_grant", x => x.id);
                    table.ForeignKey(
                        name: "fk_release_grant_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "release_request",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    mailed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_release_request", x => x.id);
                    table.ForeignKey(
                        name: "fk_release_request_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activation_seen",
                columns: table => new
                {
                    activation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activation_seen", x => x.activation_id);
                    table.ForeignKey(
                        name: "fk_activation_seen_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "emergency_grant",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    granted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_emergency_grant", x => x.id);
                    table.ForeignKey(
                        name: "fk_emergency_grant_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_emergency_grant_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "license_file",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_text = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_license_file", x => x.id);
                    table.ForeignKey(
                        name: "fk_license_file_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "transfer_item",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    new_hardware = table.Column<string>(type: "text", nullable: false),
                    new_pc_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    app_version = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    stated_license = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    license_id = table.Column<Guid>(type: "uuid", nullable: true),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    identified_by = table.Column<string>(type: "text", nullable: false),
                    is_open = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_transfer_item", x => x.id);
                    table.ForeignKey(
                        name: "fk_transfer_item_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_transfer_item_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_transfer_item_transfer_request_request_id",
                        column: x => x.request_id,
                        principalTable: "transfer_request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "flag_message",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    flag_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    explanation = table.Column<string>(type: "text", nullable: true),
                    text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_flag_message", x => x.id);
                    table.ForeignKey(
                        name: "fk_flag_message_flag_flag_id",
                        column: x => x.flag_id,
                        principalTable: "flag",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "flagged_computer",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    flag_id = table.Column<Guid>(type: "uuid", nullable: false),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    used_by_activation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    stage = table.Column<string>(type: "text", nullable: false),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stage_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    times_seen = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_flagged_computer", x => x.id);
                    table.ForeignKey(
                        name: "fk_flagged_computer_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_flagged_computer_flag_flag_id",
                        column: x => x.flag_id,
                        principalTable: "flag",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invoice_document",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    file_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    content_type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_document", x => x.id);
                    table.ForeignKey(
                        name: "fk_invoice_document_invoice_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invoice_line",
                columns: table => new
                {
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    sku = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    unit_net_cents = table.Column<long>(type: "bigint", nullable: false),
                    net_cents = table.Column<long>(type: "bigint", nullable: false),
                    period_from = table.Column<DateOnly>(type: "date", nullable: true),
                    period_to = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_line", x => new { x.invoice_id, x.position });
                    table.ForeignKey(
                        name: "fk_invoice_line_invoice_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "payment",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_on = table.Column<DateOnly>(type: "date", nullable: false),
                    amount_cents = table.Column<long>(type: "bigint", nullable: false),
                    note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payment", x => x.id);
                    table.CheckConstraint("ck_payment_amount", "amount_cents <> 0");
                    table.ForeignKey(
                        name: "fk_payment_invoice_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "vat_rate",
                columns: new[] { "category", "country", "valid_from", "percent" },
                values: new object[] { "S", "DE", new DateOnly(2007, 1, 1), 19m });

            migrationBuilder.CreateIndex(
                name: "ix_activation_handle",
                table: "activation",
                column: "handle",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_activation_license_id",
                table: "activation",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ux_activation_active_seat",
                table: "activation",
                columns: new[] { "license_id", "seat" },
                unique: true,
                filter: "state = 'Active'");

            migrationBuilder.CreateIndex(
                name: "ix_activation_request_license_id",
                table: "activation_request",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_address_change_user_id",
                table: "address_change",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_asked_mail_due_at",
                table: "asked_mail",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_asp_net_role_claims_role_id",
                table: "asp_net_role_claims",
                column: "role_id");

            migrationBuilder.CreateIndex(
                name: "role_name_index",
                table: "asp_net_roles",
                column: "normalized_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_asp_net_user_claims_user_id",
                table: "asp_net_user_claims",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_asp_net_user_logins_user_id",
                table: "asp_net_user_logins",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_asp_net_user_passkeys_user_id",
                table: "asp_net_user_passkeys",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_asp_net_user_roles_role_id",
                table: "asp_net_user_roles",
                column: "role_id");

            migrationBuilder.CreateIndex(
                name: "email_index",
                table: "asp_net_users",
                column: "normalized_email");

            migrationBuilder.CreateIndex(
                name: "user_name_index",
                table: "asp_net_users",
                column: "normalized_user_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_command_created_at",
                table: "command",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_customer_email",
                table: "customer",
                column: "email");

            migrationBuilder.CreateIndex(
                name: "ix_customer_number",
                table: "customer",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_customer_member_user_id",
                table: "customer_member",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_emergency_grant_activation_id",
                table: "emergency_grant",
                column: "activation_id");

            migrationBuilder.CreateIndex(
                name: "ix_emergency_grant_license_id_year",
                table: "emergency_grant",
                columns: new[] { "license_id", "year" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_event_detail_network",
                table: "event_detail",
                column: "event_id",
                unique: true,
                filter: "ip_prefix IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_flag_number",
                table: "flag",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_flag_open_by_age",
                table: "flag",
                column: "opened_at",
                filter: "state <> 'Resolved'");

            migrationBuilder.CreateIndex(
                name: "ux_flag_open",
                table: "flag",
                columns: new[] { "license_id", "kind" },
                unique: true,
                filter: "state <> 'Resolved'");

            migrationBuilder.CreateIndex(
                name: "ix_flag_message_flag_id",
                table: "flag_message",
                column: "flag_id");

            migrationBuilder.CreateIndex(
                name: "ix_flagged_computer_activation_id",
                table: "flagged_computer",
                column: "activation_id");

            migrationBuilder.CreateIndex(
                name: "ix_flagged_computer_flag_id_activation_id",
                table: "flagged_computer",
                columns: new[] { "flag_id", "activation_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoice_cancelled_by_id",
                table: "invoice",
                column: "cancelled_by_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoice_cancels_id",
                table: "invoice",
                column: "cancels_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoice_customer_id_id",
                table: "invoice",
                columns: new[] { "customer_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_invoice_issue_date",
                table: "invoice",
                column: "issue_date");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_kind_year_place",
                table: "invoice",
                columns: new[] { "kind", "year", "place" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoice_license_id",
                table: "invoice",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_number",
                table: "invoice",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoice_reminder",
                table: "invoice",
                column: "next_reminder_at",
                filter: "state = 'Issued' AND NOT reminders_paused");

            migrationBuilder.CreateIndex(
                name: "ux_invoice_living",
                table: "invoice",
                column: "transfer_request_id",
                unique: true,
                filter: "kind = 'Invoice' AND cancelled_by_id IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_document_created_at",
                table: "invoice_document",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_document_invoice_id_kind",
                table: "invoice_document",
                columns: new[] { "invoice_id", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_license_customer_id",
                table: "license",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_license_key_folded_hash",
                table: "license",
                column: "key_folded_hash");

            migrationBuilder.CreateIndex(
                name: "ix_license_key_hash",
                table: "license",
                column: "key_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_license_key_last_five",
                table: "license",
                column: "key_last_five");

            migrationBuilder.CreateIndex(
                name: "ix_license_number",
                table: "license",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_license_product_id",
                table: "license",
                column: "product_id");

            migrationBuilder.CreateIndex(
                name: "ix_license_serial",
                table: "license",
                column: "serial");

            migrationBuilder.CreateIndex(
                name: "ix_license_event_locks",
                table: "license_event",
                column: "at",
                filter: "kind in ('ComputerLocked', 'LicenseLocked')");

            migrationBuilder.CreateIndex(
                name: "ix_license_event_stream_seq",
                table: "license_event",
                columns: new[] { "stream", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_license_file_activation_id_created_at",
                table: "license_file",
                columns: new[] { "activation_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_mail_link_record_id",
                table: "mail_link",
                column: "record_id");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_customer_id_created_at",
                table: "outbox",
                columns: new[] { "customer_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_kind_business_key",
                table: "outbox",
                columns: new[] { "kind", "business_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_open",
                table: "outbox",
                columns: new[] { "priority", "due_at" },
                filter: "state in (0, 1, 4)");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_reference",
                table: "outbox",
                column: "reference");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_attempt_ended_at",
                table: "outbox_attempt",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "ix_passkey_use_credential_id_used_at",
                table: "passkey_use",
                columns: new[] { "credential_id", "used_at" });

            migrationBuilder.CreateIndex(
                name: "ix_payment_invoice_id",
                table: "payment",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_price_list_entry_product_id_sku_valid_from",
                table: "price_list_entry",
                columns: new[] { "product_id", "sku", "valid_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_registration_customer_id",
                table: "registration",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_registration_user_id",
                table: "registration",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_release_grant_license_id",
                table: "release_grant",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_release_request_license_id_mailed_at",
                table: "release_request",
                columns: new[] { "license_id", "mailed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_transfer_item_license_id",
                table: "transfer_item",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_item_request_id_position",
                table: "transfer_item",
                columns: new[] { "request_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_transfer_item_open",
                table: "transfer_item",
                column: "activation_id",
                unique: true,
                filter: "is_open");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_message_request_id_at",
                table: "transfer_message",
                columns: new[] { "request_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_transfer_pc_request_id",
                table: "transfer_pc",
                column: "request_id");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_request_customer_id",
                table: "transfer_request",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_request_open",
                table: "transfer_request",
                columns: new[] { "state", "created_at" },
                filter: "state NOT IN ('Completed', 'Declined', 'Withdrawn', 'Expired')");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_request_reference",
                table: "transfer_request",
                column: "reference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_user_session_user_id",
                table: "user_session",
                column: "user_id",
                filter: "ended_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "activation_request");

            migrationBuilder.DropTable(
                name: "activation_seen");

            migrationBuilder.DropTable(
                name: "address_change");

            migrationBuilder.DropTable(
                name: "asked_mail");

            migrationBuilder.DropTable(
                name: "asp_net_role_claims");

            migrationBuilder.DropTable(
                name: "asp_net_user_claims");

            migrationBuilder.DropTable(
                name: "asp_net_user_logins");

            migrationBuilder.DropTable(
                name: "asp_net_user_roles");

            migrationBuilder.DropTable(
                name: "asp_net_user_tokens");

            migrationBuilder.DropTable(
                name: "command");

            migrationBuilder.DropTable(
                name: "customer_member");

            migrationBuilder.DropTable(
                name: "daily_run");

            migrationBuilder.DropTable(
                name: "data_protection_key");

            migrationBuilder.DropTable(
                name: "emergency_grant");

            migrationBuilder.DropTable(
                name: "event_detail");

            migrationBuilder.DropTable(
                name: "flag_message");

            migrationBuilder.DropTable(
                name: "flagged_computer");

            migrationBuilder.DropTable(
                name: "guess_bucket");

            migrationBuilder.DropTable(
                name: "invoice_document");

            migrationBuilder.DropTable(
                name: "invoice_line");

            migrationBuilder.DropTable(
                name: "invoice_series");

            migrationBuilder.DropTable(
                name: "license_file");

            migrationBuilder.DropTable(
                name: "mail_address");

            migrationBuilder.DropTable(
                name: "mail_circuit");

            migrationBuilder.DropTable(
                name: "mail_link");

            migrationBuilder.DropTable(
                name: "outbox_attempt");

            migrationBuilder.DropTable(
                name: "passkey_use");

            migrationBuilder.DropTable(
                name: "payment");

            migrationBuilder.DropTable(
                name: "price_list_entry");

            migrationBuilder.DropTable(
                name: "registration");

            migrationBuilder.DropTable(
                name: "release_grant");

            migrationBuilder.DropTable(
                name: "release_request");

            migrationBuilder.DropTable(
                name: "transfer_item");

            migrationBuilder.DropTable(
                name: "transfer_message");

            migrationBuilder.DropTable(
                name: "transfer_pc");

            migrationBuilder.DropTable(
                name: "user_session");

            migrationBuilder.DropTable(
                name: "vat_rate");

            migrationBuilder.DropTable(
                name: "asp_net_roles");

            migrationBuilder.DropTable(
                name: "license_event");

            migrationBuilder.DropTable(
                name: "flag");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "asp_net_user_passkeys");

            migrationBuilder.DropTable(
                name: "invoice");

            migrationBuilder.DropTable(
                name: "activation");

            migrationBuilder.DropTable(
                name: "asp_net_users");

            migrationBuilder.DropTable(
                name: "transfer_request");

            migrationBuilder.DropTable(
                name: "license");

            migrationBuilder.DropTable(
                name: "customer");

            migrationBuilder.DropTable(
                name: "product");

            migrationBuilder.DropSequence(
                name: "customer_number");

            migrationBuilder.DropSequence(
                name: "flag_number");

            migrationBuilder.DropSequence(
                name: "license_number");
        }
    }
}
