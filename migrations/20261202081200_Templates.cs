using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Templates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "text_template",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_shared = table.Column<bool>(type: "boolean", nullable: false),
                    word = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_text_template", x => x.id);
                    table.ForeignKey(
                        name: "fk_text_template_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "asp_net_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_incident_request_decided",
                table: "incident_request",
                sql: "(decision IS NULL) = (decided_at IS NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_incident_request_two_people",
                table: "incident_request",
                sql: "decision <> 'Approved' OR decided_by <> requested_by");

            migrationBuilder.CreateIndex(
                name: "ix_text_template_user_id",
                table: "text_template",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_text_template_word",
                table: "text_template",
                column: "word");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "text_template");

            migrationBuilder.DropCheckConstraint(
                name: "ck_incident_request_decided",
                table: "incident_request");

            migrationBuilder.DropCheckConstraint(
                name: "ck_incident_request_two_people",
                table: "incident_request");
        }
    }
}
