using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Ownership : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "license_holder",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    held_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    held_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_license_holder", x => x.id);
                    table.CheckConstraint("ck_license_holder_time", "held_from <= held_until");
                    table.ForeignKey(
                        name: "fk_license_holder_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_license_holder_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "owner_change",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    reference = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    product_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    stated_license = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    license_id = table.Column<Guid>(type: "uuid", nullable: true),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    new_customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    licensee = table.Column<string>(type: "jsonb", nullable: false),
                    asked_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    phone = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    language = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    price = table.Column<string>(type: "jsonb", nullable: true),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    owner_agreed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    taker_agreed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    question = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    answer = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    staff_reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_owner_change", x => x.id);
                    table.CheckConstraint("ck_owner_change_completed", "(state = 'Completed') = (new_customer_id IS NOT NULL) AND (state = 'Completed') <= (license_id IS NOT NULL)");
                    table.ForeignKey(
                        name: "fk_owner_change_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_owner_change_customer_new_customer_id",
                        column: x => x.new_customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_owner_change_invoice_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_owner_change_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "owner_document",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    change_id = table.Column<Guid>(type: "uuid", nullable: false),
                    format = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_owner_document", x => x.id);
                    table.CheckConstraint("ck_owner_document_size", "octet_length(content) BETWEEN 1 AND 5242880");
                    table.ForeignKey(
                        name: "fk_owner_document_owner_change_change_id",
                        column: x => x.change_id,
                        principalTable: "owner_change",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_license_holder_customer_id",
                table: "license_holder",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_license_holder_license_id_held_from",
                table: "license_holder",
                columns: new[] { "license_id", "held_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_license_holder_license_id_held_until",
                table: "license_holder",
                columns: new[] { "license_id", "held_until" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_owner_change_customer_id",
                table: "owner_change",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_owner_change_invoice_id",
                table: "owner_change",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_owner_change_license_id_state",
                table: "owner_change",
                columns: new[] { "license_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_owner_change_new_customer_id",
                table: "owner_change",
                column: "new_customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_owner_change_reference",
                table: "owner_change",
                column: "reference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_owner_change_state_created_at",
                table: "owner_change",
                columns: new[] { "state", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_owner_document_change_id",
                table: "owner_document",
                column: "change_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "license_holder");

            migrationBuilder.DropTable(
                name: "owner_document");

            migrationBuilder.DropTable(
                name: "owner_change");
        }
    }
}
