using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Customers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "merged_into_id",
                table: "customer",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_customer_merged_into_id",
                table: "customer",
                column: "merged_into_id");

            migrationBuilder.AddCheckConstraint(
                name: "ck_customer_merged",
                table: "customer",
                sql: "merged_into_id <> id");

            migrationBuilder.AddForeignKey(
                name: "fk_customer_customer_merged_into_id",
                table: "customer",
                column: "merged_into_id",
                principalTable: "customer",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.Sql("""
                -- An invoice says for ever what it said, but it goes with its customer, and only where that was merged into another.
                DROP TRIGGER content_stays ON invoice;
                CREATE TRIGGER content_stays BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION
                    refuse_change_but('state', 'paid_at', 'cancelled_by_id', 'reminder_level', 'next_reminder_at', 'reminders_paused', 'customer_id');

                CREATE FUNCTION follow_merge() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NOT EXISTS (SELECT 1 FROM customer WHERE id = OLD.customer_id AND merged_into_id = NEW.customer_id) THEN
                        RAISE EXCEPTION 'an invoice changes its customer only by a merge' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                END $$;

                CREATE TRIGGER follows_merge BEFORE UPDATE OF customer_id ON invoice FOR EACH ROW
                    WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id) EXECUTE FUNCTION follow_merge();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER follows_merge ON invoice;
                DROP FUNCTION follow_merge();
                DROP TRIGGER content_stays ON invoice;
                CREATE TRIGGER content_stays BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION
                    refuse_change_but('state', 'paid_at', 'cancelled_by_id', 'reminder_level', 'next_reminder_at', 'reminders_paused');
                """);

            migrationBuilder.DropForeignKey(
                name: "fk_customer_customer_merged_into_id",
                table: "customer");

            migrationBuilder.DropCheckConstraint(
                name: "ck_customer_merged",
                table: "customer");

            migrationBuilder.DropIndex(
                name: "ix_customer_merged_into_id",
                table: "customer");

            migrationBuilder.DropColumn(
                name: "merged_into_id",
                table: "customer");
        }
    }
}
