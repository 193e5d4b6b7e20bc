using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Payments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "bank_line",
                table: "payment",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "undoes_id",
                table: "payment",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_overpaid",
                table: "invoice",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "ix_payment_bank_line_invoice_id",
                table: "payment",
                columns: new[] { "bank_line", "invoice_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payment_undoes_id",
                table: "payment",
                column: "undoes_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoice_overpaid",
                table: "invoice",
                column: "id",
                filter: "is_overpaid");

            migrationBuilder.AddForeignKey(
                name: "fk_payment_payment_undoes_id",
                table: "payment",
                column: "undoes_id",
                principalTable: "payment",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Sql("""
                DROP TRIGGER content_stays ON invoice;
                CREATE TRIGGER content_stays BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION
                    refuse_change_but('state', 'paid_at', 'cancelled_by_id', 'reminder_level', 'next_reminder_at', 'reminders_paused', 'customer_id',
                        'is_overpaid');

                UPDATE invoice SET is_overpaid = true WHERE kind = 'Invoice'
                    AND (SELECT sum(amount_cents) FROM payment WHERE invoice_id = invoice.id) > CASE state WHEN 'Cancelled' THEN 0 ELSE gross_cents END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER content_stays ON invoice;
                CREATE TRIGGER content_stays BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION
                    refuse_change_but('state', 'paid_at', 'cancelled_by_id', 'reminder_level', 'next_reminder_at', 'reminders_paused', 'customer_id');
                """);

            migrationBuilder.DropForeignKey(
                name: "fk_payment_payment_undoes_id",
                table: "payment");

            migrationBuilder.DropIndex(
                name: "ix_payment_bank_line_invoice_id",
                table: "payment");

            migrationBuilder.DropIndex(
                name: "ix_payment_undoes_id",
                table: "payment");

            migrationBuilder.DropIndex(
                name: "ix_invoice_overpaid",
                table: "invoice");

            migrationBuilder.DropColumn(
                name: "bank_line",
                table: "payment");

            migrationBuilder.DropColumn(
                name: "undoes_id",
                table: "payment");

            migrationBuilder.DropColumn(
                name: "is_overpaid",
                table: "invoice");
        }
    }
}
