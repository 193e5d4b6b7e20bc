using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class OneSpellingOfAnAddress : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "email_index",
                table: "asp_net_users");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "until",
                table: "asked_mail",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "email_index",
                table: "asp_net_users",
                column: "normalized_email",
                unique: true);

            // Not valid: it holds for whatever is written from now on. An account of before that breaks it is no reason not to start.
            migrationBuilder.Sql(
                """
                ALTER TABLE asp_net_users ADD CONSTRAINT ck_asp_net_users_one_spelling CHECK (
                    email ~ '^[!-~]+@[a-z0-9.-]+$' AND normalized_email = upper(email COLLATE "C") AND normalized_user_name = normalized_email)
                    NOT VALID;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "email_index",
                table: "asp_net_users");

            migrationBuilder.DropCheckConstraint(
                name: "ck_asp_net_users_one_spelling",
                table: "asp_net_users");

            migrationBuilder.DropColumn(
                name: "until",
                table: "asked_mail");

            migrationBuilder.CreateIndex(
                name: "email_index",
                table: "asp_net_users",
                column: "normalized_email");
        }
    }
}
