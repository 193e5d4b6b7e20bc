using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class LicenseImports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "import_file",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    format = table.Column<string>(type: "character varying(4)", maxLength: 4, nullable: false),
                    encoding = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    separator = table.Column<string>(type: "character varying(1)", maxLength: 1, nullable: true),
                    header = table.Column<byte[]>(type: "bytea", nullable: false),
                    mapping = table.Column<string[]>(type: "text[]", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    rows = table.Column<int>(type: "integer", nullable: false),
                    checked_to = table.Column<int>(type: "integer", nullable: false),
                    imported_to = table.Column<int>(type: "integer", nullable: false),
                    also_update = table.Column<bool>(type: "boolean", nullable: false),
                    new_rows = table.Column<int>(type: "integer", nullable: false),
                    changed_rows = table.Column<int>(type: "integer", nullable: false),
                    same_rows = table.Column<int>(type: "integer", nullable: false),
                    faulty_rows = table.Column<int>(type: "integer", nullable: false),
                    added = table.Column<int>(type: "integer", nullable: false),
                    updated = table.Column<int>(type: "integer", nullable: false),
                    worked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_file", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "import_row",
                columns: table => new
                {
                    file_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<int>(type: "integer", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    cells = table.Column<byte[]>(type: "bytea", nullable: true),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    notes = table.Column<byte[]>(type: "bytea", nullable: true),
                    changes = table.Column<bool>(type: "boolean", nullable: false),
                    license_number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    customer_number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    key_made_for = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_row", x => new { x.file_id, x.seq });
                    table.ForeignKey(
                        name: "fk_import_row_import_file_file_id",
                        column: x => x.file_id,
                        principalTable: "import_file",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_import_file_created_at",
                table: "import_file",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_import_row_file_id_key_hash",
                table: "import_row",
                columns: new[] { "file_id", "key_hash" });

            migrationBuilder.CreateIndex(
                name: "ix_import_row_file_id_license_number",
                table: "import_row",
                columns: new[] { "file_id", "license_number" });

            migrationBuilder.CreateIndex(
                name: "ix_import_row_file_id_state_seq",
                table: "import_row",
                columns: new[] { "file_id", "state", "seq" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "import_row");

            migrationBuilder.DropTable(
                name: "import_file");
        }
    }
}
