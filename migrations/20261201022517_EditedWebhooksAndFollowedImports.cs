using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class EditedWebhooksAndFollowedImports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "description",
                table: "webhook_endpoint",
                type: "character varying(80)",
                maxLength: 80,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<Guid>(
                name: "worked_by",
                table: "import_file",
                type: "uuid",
                nullable: true);

            migrationBuilder.Sql("""
                -- Whoever shows a list on its way in follows what is done to it, on any node.
                CREATE FUNCTION tell_import_changed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_notify('import_changed', OLD.id::text);
                    RETURN NULL;
                END $$;

                CREATE TRIGGER tell_changed AFTER UPDATE OR DELETE ON import_file FOR EACH ROW EXECUTE FUNCTION tell_import_changed();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER tell_changed ON import_file;
                DROP FUNCTION tell_import_changed();
                """);

            migrationBuilder.DropColumn(
                name: "description",
                table: "webhook_endpoint");

            migrationBuilder.DropColumn(
                name: "worked_by",
                table: "import_file");
        }
    }
}
