using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class KeysAndConfirmations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "orderer_gets_license",
                table: "transfer_request",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_waiting",
                table: "transfer_item",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "key_access",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    license_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_key_access", x => new { x.user_id, x.license_id });
                    table.ForeignKey(
                        name: "fk_key_access_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_key_access_customer_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_key_access_license_license_id",
                        column: x => x.license_id,
                        principalTable: "license",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ux_transfer_item_waiting",
                table: "transfer_item",
                column: "license_id",
                unique: true,
                filter: "is_waiting");

            migrationBuilder.CreateIndex(
                name: "ix_key_access_customer_id",
                table: "key_access",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_key_access_license_id",
                table: "key_access",
                column: "license_id");

            migrationBuilder.Sql(CarryOver);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "key_access");

            migrationBuilder.DropIndex(
                name: "ux_transfer_item_waiting",
                table: "transfer_item");

            migrationBuilder.DropColumn(
                name: "orderer_gets_license",
                table: "transfer_request");

            migrationBuilder.DropColumn(
                name: "is_waiting",
                table: "transfer_item");
        }
    }
}
