using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Settings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "form",
                table: "staff_draft",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "setting_version",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    key = table.Column<string>(type: "character varying(110)", maxLength: 110, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_setting_version", x => x.id);
                    table.CheckConstraint("ck_setting_version_version", "version >= 1");
                });

            migrationBuilder.CreateIndex(
                name: "ix_setting_version_kind_key_version",
                table: "setting_version",
                columns: new[] { "kind", "key", "version" },
                unique: true);

            migrationBuilder.Sql("""
                CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON setting_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
                CREATE TRIGGER never_emptied BEFORE TRUNCATE ON setting_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

                -- Each node keeps settings in memory and reads them again when it is told.
                CREATE FUNCTION tell_setting_changed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_notify('setting_changed', NEW.kind);
                    RETURN NULL;
                END $$;

                CREATE TRIGGER tell_changed AFTER INSERT ON setting_version FOR EACH ROW EXECUTE FUNCTION tell_setting_changed();

                -- A price that no order was shown may be taken back, so that a typing error need not be sold for a day.
                CREATE OR REPLACE FUNCTION keep_price() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'DELETE' THEN
                        IF EXISTS (SELECT 1 FROM transfer_request WHERE price ->> 'entryId' = OLD.id::text) THEN
                            RAISE EXCEPTION 'a price that was ordered at is kept' USING ERRCODE = 'restrict_violation';
                        END IF;
                        RETURN OLD;
                    END IF;
                    IF to_jsonb(NEW) - 'valid_until' <> to_jsonb(OLD) - 'valid_until' THEN
                        RAISE EXCEPTION 'a price is never changed: only its last day may be set' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                END $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION keep_price() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'valid_until' <> to_jsonb(OLD) - 'valid_until' THEN
                        RAISE EXCEPTION 'a price is never changed: only its last day may be set' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                END $$;
                DROP TRIGGER tell_changed ON setting_version;
                DROP FUNCTION tell_setting_changed();
                """);

            migrationBuilder.DropTable(
                name: "setting_version");

            migrationBuilder.DropColumn(
                name: "form",
                table: "staff_draft");
        }
    }
}
