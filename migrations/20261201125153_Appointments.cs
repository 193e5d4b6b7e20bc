using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Appointments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "appointment",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    form_id = table.Column<Guid>(type: "uuid", nullable: false),
                    product_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lane = table.Column<int>(type: "integer", nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    phone = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    stated_license = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    license_id = table.Column<Guid>(type: "uuid", nullable: true),
                    host_version = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    changes_data = table.Column<bool>(type: "boolean", nullable: false),
                    renews = table.Column<bool>(type: "boolean", nullable: false),
                    preparation = table.Column<string>(type: "text", nullable: false),
                    steps = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    booked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reminded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_appointment", x => x.id);
                    table.CheckConstraint("ck_appointment_lane", "lane >= 0");
                    table.CheckConstraint("ck_appointment_length", "ends_at > starts_at");
                    table.ForeignKey(
                        name: "fk_appointment_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "appointment_file",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_appointment_file", x => x.id);
                    table.ForeignKey(
                        name: "fk_appointment_file_appointment_appointment_id",
                        column: x => x.appointment_id,
                        principalTable: "appointment",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_appointment_form_id",
                table: "appointment",
                column: "form_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_appointment_license_id",
                table: "appointment",
                column: "license_id");

            migrationBuilder.CreateIndex(
                name: "ix_appointment_starts_at",
                table: "appointment",
                column: "starts_at");

            migrationBuilder.CreateIndex(
                name: "ux_appointment_booked",
                table: "appointment",
                columns: new[] { "product_id", "starts_at", "lane" },
                unique: true,
                filter: "state = 'Booked'");

            migrationBuilder.CreateIndex(
                name: "ix_appointment_file_appointment_id",
                table: "appointment_file",
                column: "appointment_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "appointment_file");

            migrationBuilder.DropTable(
                name: "appointment");
        }
    }
}
