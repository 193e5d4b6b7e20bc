using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Growth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Of PostgreSQL itself, and whoever owns the database may create it; but some servers come without it.
            migrationBuilder.Sql(
                """
                DO $$
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
                        RAISE EXCEPTION 'The database server lacks PostgreSQL''s own extension pg_trgm, by which staff find customers. '
                            'Install PostgreSQL''s contrib package there (Red Hat: postgresql-contrib) and migrate again.';
                    END IF;
                    BEGIN
                        CREATE EXTENSION IF NOT EXISTS pg_trgm;
                    EXCEPTION WHEN insufficient_privilege THEN
                        RAISE EXCEPTION 'The role % may not create the extension pg_trgm, by which staff find customers. '
                            'Let an administrator run CREATE EXTENSION pg_trgm in the database % and migrate again.',
                            current_user, current_database();
                    END;
                    IF NOT EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
                        RAISE EXCEPTION 'The extension pg_trgm lies in a schema that is not on the search path. '
                            'Move it with ALTER EXTENSION pg_trgm SET SCHEMA %, and migrate again.', quote_ident(current_schema());
                    END IF;
                END $$;
                """);

            migrationBuilder.DropIndex(
                name: "ix_outbox_to_address",
                table: "outbox");

            migrationBuilder.DropIndex(
                name: "ix_invoice_reminder",
                table: "invoice");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_request_closed",
                table: "transfer_request",
                column: "id",
                filter: "state IN ('Declined', 'Withdrawn', 'Expired')");

            migrationBuilder.CreateIndex(
                name: "ix_license_file_created_at",
                table: "license_file",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_license_event_actor_id",
                table: "license_event",
                column: "actor_id",
                filter: "actor_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_last_reminder",
                table: "invoice",
                column: "id",
                filter: "state = 'Issued' AND reminder_level = 3");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_reminder",
                table: "invoice",
                columns: new[] { "next_reminder_at", "id" },
                filter: "state = 'Issued' AND NOT reminders_paused");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_state_id",
                table: "invoice",
                columns: new[] { "state", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_customer_words",
                table: "customer",
                columns: new[] { "company", "email", "city" })
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops", "gin_trgm_ops", "gin_trgm_ops" });

            // Addresses are compared in small letters; those in JSON are asked for by exports and erasures alone.
            migrationBuilder.Sql(
                """
                CREATE INDEX ix_outbox_address ON outbox (lower(to_address));
                CREATE INDEX ix_appointment_address ON appointment (lower(email));
                CREATE INDEX ix_transfer_request_address ON transfer_request (lower(contact ->> 'email'));
                CREATE INDEX ix_owner_change_address ON owner_change (lower(licensee ->> 'email'));
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The extension stays: others may use it.
            migrationBuilder.Sql(
                "DROP INDEX ix_outbox_address, ix_appointment_address, ix_transfer_request_address, ix_owner_change_address;");

            migrationBuilder.DropIndex(
                name: "ix_transfer_request_closed",
                table: "transfer_request");

            migrationBuilder.DropIndex(
                name: "ix_license_file_created_at",
                table: "license_file");

            migrationBuilder.DropIndex(
                name: "ix_license_event_actor_id",
                table: "license_event");

            migrationBuilder.DropIndex(
                name: "ix_invoice_last_reminder",
                table: "invoice");

            migrationBuilder.DropIndex(
                name: "ix_invoice_reminder",
                table: "invoice");

            migrationBuilder.DropIndex(
                name: "ix_invoice_state_id",
                table: "invoice");

            migrationBuilder.DropIndex(
                name: "ix_customer_words",
                table: "customer");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_to_address",
                table: "outbox",
                column: "to_address");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_reminder",
                table: "invoice",
                column: "next_reminder_at",
                filter: "state = 'Issued' AND NOT reminders_paused");
        }
    }
}
