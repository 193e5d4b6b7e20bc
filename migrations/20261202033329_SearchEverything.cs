using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class SearchEverything : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_customer_words",
                table: "customer");

            // The same as SearchText folds, so that what somebody types meets what is stored. Nothing of it depends on the search path, so
            // that an index may be made of it and a dump be restored. It runs for every row that an index proposes, so it does no more
            // than a text needs: most have no letter beyond ASCII.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION search_text(VARIADIC parts text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
                DECLARE
                    gaps CONSTANT text := '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000]+';
                    whole text := array_to_string(parts, ' ');
                    written_out text;
                BEGIN
                    IF octet_length(whole) = length(whole) THEN
                        RETURN ' ' || regexp_replace(lower(whole), gaps, ' ', 'g') || ' ';
                    END IF;
                    IF whole ~ '[\u0300-\u036f]' THEN
                        whole := normalize(whole, NFC);
                    END IF;
                    whole := replace(replace(replace(replace(replace(replace(
                        whole, 'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe');
                    written_out := replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                        whole, 'ä', 'ae'), 'Ä', 'ae'), 'ö', 'oe'), 'Ö', 'oe'), 'ø', 'oe'), 'Ø', 'oe'), 'ü', 'ue'), 'Ü', 'ue'),
                        'å', 'aa'), 'Å', 'aa');
                    IF written_out <> whole THEN
                        whole := whole || ' ' || written_out;
                    END IF;
                    whole := regexp_replace(normalize(whole, NFKD), '[\u0300-\u036f]+', '', 'g');
                    IF octet_length(whole) > length(whole) THEN
                        whole := translate(whole, 'øØłŁđĐðÐħĦŧŦı', 'oOlLdDdDhHtTi');
                    END IF;
                    RETURN ' ' || regexp_replace(lower(whole), gaps, ' ', 'g') || ' ';
                END $$;

                CREATE FUNCTION order_text(contact jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN search_text(contact ->> 'company', contact ->> 'name', contact ->> 'email', contact ->> 'street',
                    contact ->> 'postalCode', contact ->> 'city', contact ->> 'phone');

                CREATE INDEX ix_customer_text ON customer
                    USING gin (search_text(company, email, street, postal_code, city, vat_id) gin_trgm_ops);
                CREATE INDEX ix_transfer_request_text ON transfer_request USING gin (order_text(contact) gin_trgm_ops)
                    WHERE reference IS NOT NULL;
                CREATE INDEX ix_appointment_text ON appointment USING gin (search_text(name, email, phone, stated_license) gin_trgm_ops);

                CREATE INDEX ix_license_number_begins ON license (number COLLATE "C");
                CREATE INDEX ix_license_number_ends ON license (reverse(number) COLLATE "C");
                CREATE INDEX ix_license_serial_begins ON license (upper(serial) COLLATE "C");
                CREATE INDEX ix_license_serial_ends ON license (reverse(upper(serial)) COLLATE "C");
                CREATE INDEX ix_customer_number_begins ON customer (number COLLATE "C");
                CREATE INDEX ix_flag_number_begins ON flag (number COLLATE "C");
                CREATE INDEX ix_transfer_request_reference_begins ON transfer_request (reference COLLATE "C");
                CREATE INDEX ix_transfer_item_hardware ON transfer_item (new_hardware COLLATE "C");
                CREATE INDEX ix_invoice_number_begins ON invoice (number COLLATE "C");
                CREATE INDEX ix_invoice_number_ends ON invoice (reverse(number) COLLATE "C");
                CREATE INDEX ix_invoice_gross ON invoice (gross_cents, id);
                CREATE INDEX ix_activation_hardware ON activation (hardware_code COLLATE "C");
                CREATE INDEX ix_activation_pc_name ON activation (upper(pc_name) COLLATE "C");
                CREATE INDEX ix_activation_own_name ON activation (upper(own_name) COLLATE "C") WHERE own_name IS NOT NULL;

                -- What the figures count, by day.
                CREATE INDEX ix_activation_released ON activation (ended_at, released_by) WHERE released_by IS NOT NULL;
                CREATE INDEX ix_flag_opened ON flag (opened_at);
                CREATE INDEX ix_transfer_request_ordered ON transfer_request (ordered_at) WHERE ordered_at IS NOT NULL;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP INDEX ix_customer_text, ix_transfer_request_text, ix_appointment_text, ix_license_number_begins,
                    ix_license_number_ends,
                    ix_license_serial_begins, ix_license_serial_ends, ix_customer_number_begins, ix_flag_number_begins,
                    ix_transfer_request_reference_begins, ix_transfer_item_hardware, ix_invoice_number_begins, ix_invoice_number_ends,
                    ix_invoice_gross, ix_activation_hardware, ix_activation_pc_name, ix_activation_own_name, ix_activation_released,
                    ix_flag_opened, ix_transfer_request_ordered;
                DROP FUNCTION order_text(jsonb);
                DROP FUNCTION search_text(text[]);
                """);

            migrationBuilder.CreateIndex(
                name: "ix_customer_words",
                table: "customer",
                columns: new[] { "company", "email", "city" })
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops", "gin_trgm_ops", "gin_trgm_ops" });
        }
    }
}
