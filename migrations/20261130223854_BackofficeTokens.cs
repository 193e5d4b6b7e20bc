using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class BackofficeTokens : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_token",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    prefix = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_token", x => x.id);
                    table.CheckConstraint("ck_api_token_hash", "octet_length(secret_hash) = 32");
                    table.CheckConstraint("ck_api_token_revoked", "(revoked_at IS NULL) = (revoked_by IS NULL)");
                });

            migrationBuilder.CreateIndex(
                name: "ix_api_token_secret_hash",
                table: "api_token",
                column: "secret_hash",
                unique: true);

            migrationBuilder.Sql("""
                -- Ids are given out before their transactions commit. Whoever writes events holds a lock that names the last id before its
                -- first one, so that a reader knows where the finished part of the log ends (EventLog.SettledUpToAsync).
                CREATE FUNCTION announce_event_writer() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    before bigint;
                BEGIN
                    -- Once for each transaction: an import writes thousands of statements, and locks are few.
                    IF coalesce(current_setting('portal.writes_events', true), '') = '' THEN
                        SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END INTO before FROM license_event_id_seq;
                        PERFORM pg_advisory_xact_lock_shared((x'65766e74'::bigint << 32) | before);
                        PERFORM set_config('portal.writes_events', 'yes', true);
                    END IF;
                    RETURN NULL;
                END $$;

                CREATE TRIGGER announce_writer BEFORE INSERT ON license_event FOR EACH STATEMENT EXECUTE FUNCTION announce_event_writer();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER announce_writer ON license_event;
                DROP FUNCTION announce_event_writer();
                """);

            migrationBuilder.DropTable(
                name: "api_token");
        }
    }
}
