using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class SearchParts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP INDEX ix_customer_text;
                CREATE INDEX ix_license_parts ON license USING gin (number gin_trgm_ops, upper(serial) gin_trgm_ops);
                CREATE INDEX ix_customer_number_parts ON customer USING gin (number gin_trgm_ops);
                CREATE INDEX ix_flag_number_parts ON flag USING gin (number gin_trgm_ops);
                CREATE INDEX ix_transfer_request_reference_parts ON transfer_request USING gin (reference gin_trgm_ops);
                CREATE INDEX ix_invoice_number_parts ON invoice USING gin (number gin_trgm_ops);
                CREATE INDEX ix_loan_text ON loan USING gin (search_text(pc_name, stated_license, reason) gin_trgm_ops);
                CREATE INDEX ix_loan_hardware ON loan (hardware_code COLLATE "C");
                """);

            migrationBuilder.DropIndex(
                name: "ix_customer_merged_into_id",
                table: "customer");

            migrationBuilder.AddColumn<string>(
                name: "search_text",
                table: "customer",
                type: "text",
                nullable: true,
                computedColumnSql: "search_text(company, email, street, postal_code, city, vat_id)",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_customer_merged_into_id",
                table: "customer",
                column: "merged_into_id",
                filter: "merged_into_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_customer_search_text",
                table: "customer",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_customer_merged_into_id",
                table: "customer");

            migrationBuilder.DropIndex(
                name: "ix_customer_search_text",
                table: "customer");

            migrationBuilder.Sql(
                """
                DROP INDEX ix_license_parts, ix_customer_number_parts, ix_flag_number_parts, ix_transfer_request_reference_parts,
                    ix_invoice_number_parts, ix_loan_text, ix_loan_hardware;
                CREATE INDEX ix_customer_text ON customer
                    USING gin (search_text(company, email, street, postal_code, city, vat_id) gin_trgm_ops);
                """);

            migrationBuilder.DropColumn(
                name: "search_text",
                table: "customer");

            migrationBuilder.CreateIndex(
                name: "ix_customer_merged_into_id",
                table: "customer",
                column: "merged_into_id");
        }
    }
}
