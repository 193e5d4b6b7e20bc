using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace SelfHelpPortal.Data.Migrations;

/// <summary>What the model cannot say: history that only grows, and the index by which a computer is recognized.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122000002_Guards")]
internal sealed class Guards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
            END $$;

            CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON license_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON license_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

            -- Erasure may blank a detail, nothing may remove it.
            CREATE TRIGGER only_grows BEFORE DELETE ON event_detail FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON event_detail FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

            -- An invoice says for ever what it said; only the columns named change. The portal's role has the right to update just these (PortalDatabase).
            CREATE FUNCTION refuse_change_but() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF to_jsonb(OLD) - TG_ARGV IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV THEN
                    RAISE EXCEPTION 'of % only % change', TG_TABLE_NAME, TG_ARGV USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;

            CREATE TRIGGER content_stays BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION
                refuse_change_but('state', 'paid_at', 'cancelled_by_id', 'reminder_level', 'next_reminder_at', 'reminders_paused');
            CREATE TRIGGER only_grows BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON invoice_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON invoice_document FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON invoice_document FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER content_stays BEFORE UPDATE ON license_file FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER only_grows BEFORE DELETE ON invoice_series FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER never_emptied BEFORE TRUNCATE ON invoice_series FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

            ALTER TABLE activation_seen SET (fillfactor = 85);

            -- People write their address as they like.
            CREATE INDEX ix_customer_address ON customer (lower(email));

            -- Every node ends the circuits of an account that was disabled or has another role, password or factor.
            CREATE FUNCTION tell_staff_changed() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE changed jsonb := to_jsonb(coalesce(NEW, OLD));
            BEGIN
                PERFORM pg_notify('staff_changed', coalesce(changed ->> 'user_id', changed ->> 'id'));
                RETURN NULL;
            END $$;

            CREATE TRIGGER tell_changed AFTER UPDATE OF security_stamp, lockout_end, two_factor_enabled OR DELETE ON asp_net_users
                FOR EACH ROW EXECUTE FUNCTION tell_staff_changed();
            CREATE TRIGGER tell_changed AFTER INSERT OR UPDATE OR DELETE ON asp_net_user_roles FOR EACH ROW EXECUTE FUNCTION tell_staff_changed();
            CREATE TRIGGER tell_changed AFTER UPDATE OF ended_at ON user_session FOR EACH ROW EXECUTE FUNCTION tell_staff_changed();

            -- The components of a hardware code, each with its place; absent ones are left out. Computers that share one are found by the index.
            CREATE FUNCTION hardware_components(code text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
                array_remove(ARRAY[
                    '1' || nullif(substr(code, 6, 4), '0000'), '2' || nullif(substr(code, 11, 4), '0000'), '3' || nullif(substr(code, 16, 4), '0000'),
                    '4' || nullif(substr(code, 21, 4), '0000'), '5' || nullif(substr(code, 26, 4), '0000'), '6' || nullif(substr(code, 31, 4), '0000')], NULL);
            CREATE INDEX ix_activation_components ON activation USING gin (hardware_components(hardware_code)) WHERE state = 'Active';

            -- Of an article's entries at most one holds on a day. The range of the one number that its name hashes to stands in for "is equal",
            -- which would need the extension btree_gist.
            ALTER TABLE price_list_entry ADD CONSTRAINT ex_price_list_entry_overlap EXCLUDE USING gist (
                numrange(hashtextextended(product_id || '|' || sku, 0)::numeric, hashtextextended(product_id || '|' || sku, 0)::numeric, '[]') WITH &&,
                daterange(valid_from, valid_until, '[]') WITH &&);

            -- A new price is a new entry: requests and invoices refer to what was shown.
            CREATE FUNCTION keep_price() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'valid_until' <> to_jsonb(OLD) - 'valid_until' THEN
                    RAISE EXCEPTION 'a price is never changed: only its last day may be set' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;

            CREATE TRIGGER keep_price BEFORE UPDATE OR DELETE ON price_list_entry FOR EACH ROW EXECUTE FUNCTION keep_price();
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER only_grows ON license_event;
        DROP TRIGGER never_emptied ON license_event;
        DROP TRIGGER only_grows ON event_detail;
        DROP TRIGGER never_emptied ON event_detail;
        DROP TRIGGER content_stays ON invoice;
        DROP TRIGGER only_grows ON invoice;
        DROP TRIGGER never_emptied ON invoice;
        DROP TRIGGER only_grows ON invoice_line;
        DROP TRIGGER never_emptied ON invoice_line;
        DROP TRIGGER only_grows ON invoice_document;
        DROP TRIGGER never_emptied ON invoice_document;
        DROP TRIGGER only_grows ON payment;
        DROP TRIGGER never_emptied ON payment;
        DROP TRIGGER content_stays ON license_file;
        DROP TRIGGER only_grows ON invoice_series;
        DROP TRIGGER never_emptied ON invoice_series;
        DROP FUNCTION refuse_change_but();
        DROP FUNCTION refuse_change();
        DROP INDEX ix_activation_components;
        DROP FUNCTION hardware_components(text);
        ALTER TABLE activation_seen RESET (fillfactor);
        DROP INDEX ix_customer_address;
        DROP TRIGGER tell_changed ON asp_net_users;
        DROP TRIGGER tell_changed ON asp_net_user_roles;
        DROP TRIGGER tell_changed ON user_session;
        DROP FUNCTION tell_staff_changed();
        ALTER TABLE price_list_entry DROP CONSTRAINT ex_price_list_entry_overlap;
        DROP TRIGGER keep_price ON price_list_entry;
        DROP FUNCTION keep_price();
        """);
}
