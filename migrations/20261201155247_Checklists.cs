using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Checklists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "checklist",
                table: "transfer_request",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "checklist",
                table: "appointment",
                type: "jsonb",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "checklist",
                table: "transfer_request");

            migrationBuilder.DropColumn(
                name: "checklist",
                table: "appointment");
        }
    }
}
