using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class CaseCauses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "cause",
                table: "flag",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "times_reopened",
                table: "flag",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "verdict",
                table: "flag",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "incident_request",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    flag_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    requested_by = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decision = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_incident_request", x => x.id);
                    table.ForeignKey(
                        name: "fk_incident_request_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_flag_verdict",
                table: "flag",
                columns: new[] { "verdict", "cause" },
                filter: "verdict IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_incident_request_license_id",
                table: "incident_request",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_incident_request_open",
                table: "incident_request",
                column: "expires_at",
                filter: "decision IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "incident_request");

            migrationBuilder.DropIndex(
                name: "ix_flag_verdict",
                table: "flag");

            migrationBuilder.DropColumn(
                name: "cause",
                table: "flag");

            migrationBuilder.DropColumn(
                name: "times_reopened",
                table: "flag");

            migrationBuilder.DropColumn(
                name: "verdict",
                table: "flag");
        }
    }
}
