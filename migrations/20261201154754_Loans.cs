using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Loans : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_activation_active_seat",
                table: "activation");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "goes_on_until",
                table: "release_request",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "end_reminded_at",
                table: "activation",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ends_as",
                table: "activation",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ends_at",
                table: "activation",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "paused_until",
                table: "activation",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "loan",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    product_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: true),
                    stated_license = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    hardware_code = table.Column<string>(type: "character varying(35)", maxLength: 35, nullable: false),
                    pc_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    app_version = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    repaired_id = table.Column<Guid>(type: "uuid", nullable: true),
                    activation_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_loan", x => x.id);
                    table.ForeignKey(
                        name: "fk_loan_activation_activation_id",
                        column: x => x.activation_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_loan_activation_repaired_id",
                        column: x => x.repaired_id,
                        principalTable: "activation",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_loan_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ux_activation_active_seat",
                table: "activation",
                columns: new[] { "license_id", "seat" },
                unique: true,
                filter: "state = 'Active' AND ends_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_activation_temporary",
                table: "activation",
                column: "license_id",
                unique: true,
                filter: "state = 'Active' AND ends_at IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_activation_end",
                table: "activation",
                sql: "(ends_at IS NULL) = (ends_as IS NULL)");

            migrationBuilder.CreateIndex(
                name: "ix_loan_activation_id",
                table: "loan",
                column: "activation_id");

            migrationBuilder.CreateIndex(
                name: "ix_loan_license_id",
                table: "loan",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_loan_repaired_id",
                table: "loan",
                column: "repaired_id");

            migrationBuilder.CreateIndex(
                name: "ux_loan_awaiting_staff",
                table: "loan",
                column: "license_id",
                unique: true,
                filter: "state = 'AwaitingStaff'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "loan");

            migrationBuilder.DropIndex(
                name: "ux_activation_active_seat",
                table: "activation");

            migrationBuilder.DropIndex(
                name: "ux_activation_temporary",
                table: "activation");

            migrationBuilder.DropCheckConstraint(
                name: "ck_activation_end",
                table: "activation");

            migrationBuilder.DropColumn(
                name: "goes_on_until",
                table: "release_request");

            migrationBuilder.DropColumn(
                name: "end_reminded_at",
                table: "activation");

            migrationBuilder.DropColumn(
                name: "ends_as",
                table: "activation");

            migrationBuilder.DropColumn(
                name: "ends_at",
                table: "activation");

            migrationBuilder.DropColumn(
                name: "paused_until",
                table: "activation");

            migrationBuilder.CreateIndex(
                name: "ux_activation_active_seat",
                table: "activation",
                columns: new[] { "license_id", "seat" },
                unique: true,
                filter: "state = 'Active'");
        }
    }
}
