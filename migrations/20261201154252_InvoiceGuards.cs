using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class InvoiceGuards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "invoice_format",
                table: "customer",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "Zugferd");

            migrationBuilder.Sql(
                """
                -- The counter of a series goes on by one, and its dates never back.
                CREATE FUNCTION count_onward() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'INSERT' AND NEW.last_number <> 1
                        OR TG_OP = 'UPDATE' AND (NEW.last_number <> OLD.last_number + 1 OR NEW.last_issue_date < OLD.last_issue_date) THEN
                        RAISE EXCEPTION 'numbers of invoices are given one by one, and their dates never run backwards'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                END $$;

                CREATE TRIGGER content_stays BEFORE UPDATE ON invoice_series FOR EACH ROW EXECUTE FUNCTION
                    refuse_change_but('last_number', 'last_issue_date');
                CREATE TRIGGER counts_onward BEFORE INSERT OR UPDATE ON invoice_series FOR EACH ROW EXECUTE FUNCTION count_onward();

                -- The vendor's zone is the portal's affair: nowhere on earth is it a later day than in the first zone. The portal's tests live
                -- on days of their own and say by how many those may lie ahead.
                CREATE FUNCTION refuse_future() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF (to_jsonb(NEW) ->> TG_ARGV[0])::date > (clock_timestamp() AT TIME ZONE 'Pacific/Kiritimati')::date
                        + coalesce(nullif(current_setting('portal.days_ahead', true), ''), '0')::int THEN
                        RAISE EXCEPTION '% of % is after the database''s day', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                END $$;

                CREATE TRIGGER not_in_future BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_future('issue_date');
                CREATE TRIGGER not_in_future BEFORE INSERT ON invoice_series FOR EACH ROW EXECUTE FUNCTION refuse_future('last_issue_date');
                -- A series that a wrong clock has dated ahead already stays where it is, and the portal says so.
                CREATE TRIGGER not_into_future BEFORE UPDATE ON invoice_series FOR EACH ROW
                    WHEN (OLD.last_issue_date IS DISTINCT FROM NEW.last_issue_date) EXECUTE FUNCTION refuse_future('last_issue_date');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER not_in_future ON invoice;
                DROP TRIGGER not_in_future ON invoice_series;
                DROP TRIGGER not_into_future ON invoice_series;
                DROP TRIGGER counts_onward ON invoice_series;
                DROP TRIGGER content_stays ON invoice_series;
                DROP FUNCTION refuse_future();
                DROP FUNCTION count_onward();
                """);

            migrationBuilder.DropColumn(
                name: "invoice_format",
                table: "customer");
        }
    }
}
