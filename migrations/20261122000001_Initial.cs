using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_activation_license_license_id1",
                table: "activation");

            migrationBuilder.DropIndex(
                name: "ix_activation_license_id1",
                table: "activation");

            migrationBuilder.DropColumn(
                name: "license_id1",
                table: "activation");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "license_id1",
                table: "activation",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_activation_license_id1",
                table: "activation",
                column: "license_id1");

            migrationBuilder.AddForeignKey(
                name: "fk_activation_license_license_id1",
                table: "activation",
                column: "license_id1",
                principalTable: "license",
                principalColumn: "id");
        }
    }
}
