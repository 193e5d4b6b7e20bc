using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class StaffAndAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<byte[]>(
                name: "salt",
                table: "event_detail",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AddColumn<byte[]>(
                name: "actor_name_salt",
                table: "event_detail",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "ip_prefix_salt",
                table: "event_detail",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "text_salt",
                table: "event_detail",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit_entry",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    stream = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    subject = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    text_digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    previous_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    text_salt = table.Column<byte[]>(type: "bytea", nullable: true),
                    text = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entry", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "exclusion_request",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_by = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decision = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_exclusion_request", x => x.id);
                    table.ForeignKey(
                        name: "fk_exclusion_request_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_exclusion_request_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "staff_draft",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    act = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    target = table.Column<Guid>(type: "uuid", nullable: true),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_staff_draft", x => x.id);
                    table.ForeignKey(
                        name: "fk_staff_draft_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entry_at",
                table: "audit_entry",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entry_stream_seq",
                table: "audit_entry",
                columns: new[] { "stream", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_entry_subject_stream_at",
                table: "audit_entry",
                columns: new[] { "subject", "stream", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_exclusion_request_license_id",
                table: "exclusion_request",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_exclusion_request_open",
                table: "exclusion_request",
                column: "activation_id",
                unique: true,
                filter: "decision IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_staff_draft_user_id",
                table: "staff_draft",
                column: "user_id");

            migrationBuilder.Sql("""
                -- A detail that was blanked needs its salt no more: without it the digest says nothing about what was there.
                UPDATE event_detail d SET salt = NULL FROM license_event e WHERE e.id = d.event_id
                    AND (d.actor_name IS NULL OR d.ip_prefix IS NULL OR d.text IS NULL)
                    AND e.detail_digest <> sha256(d.salt || convert_to(coalesce(d.actor_name, ''), 'UTF8') || '\x00'::bytea
                        || convert_to(coalesce(d.ip_prefix, ''), 'UTF8') || '\x00'::bytea || convert_to(coalesce(d.text, ''), 'UTF8'));

                -- The columns named may be blanked and never say something else. With a part goes its salt. The portal's role has the right to update just
                -- these (PortalDatabase).
                CREATE FUNCTION refuse_change_but_blanking() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE before jsonb := to_jsonb(OLD); after jsonb := to_jsonb(NEW); part text;
                BEGIN
                    FOREACH part IN ARRAY TG_ARGV LOOP
                        CONTINUE WHEN (after -> part) = (before -> part);
                        IF (after -> part) <> 'null'::jsonb THEN
                            RAISE EXCEPTION 'of % only % change, and only to nothing', TG_TABLE_NAME, TG_ARGV USING ERRCODE = 'restrict_violation';
                        END IF;
                        NEW := jsonb_populate_record(NEW, jsonb_build_object(part || '_salt', NULL, 'salt', NULL));
                    END LOOP;
                    IF before - TG_ARGV IS DISTINCT FROM after - TG_ARGV THEN
                        RAISE EXCEPTION 'of % only % change, and only to nothing', TG_TABLE_NAME, TG_ARGV USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                END $$;

                CREATE TRIGGER content_stays BEFORE UPDATE ON event_detail FOR EACH ROW EXECUTE FUNCTION refuse_change_but_blanking('actor_name', 'ip_prefix', 'text');
                CREATE TRIGGER content_stays BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change_but_blanking('text');
                CREATE TRIGGER only_grows BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
                CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER content_stays ON event_detail;
                DROP TRIGGER content_stays ON audit_entry;
                DROP TRIGGER only_grows ON audit_entry;
                DROP TRIGGER never_emptied ON audit_entry;
                DROP FUNCTION refuse_change_but_blanking();
                """);

            migrationBuilder.DropTable(
                name: "audit_entry");

            migrationBuilder.DropTable(
                name: "exclusion_request");

            migrationBuilder.DropTable(
                name: "staff_draft");

            migrationBuilder.DropColumn(
                name: "actor_name_salt",
                table: "event_detail");

            migrationBuilder.DropColumn(
                name: "ip_prefix_salt",
                table: "event_detail");

            migrationBuilder.DropColumn(
                name: "text_salt",
                table: "event_detail");

            migrationBuilder.AlterColumn<byte[]>(
                name: "salt",
                table: "event_detail",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);
        }
    }
}
