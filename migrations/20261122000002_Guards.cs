using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace SelfHelpPortal.Data.Migrations;

/// <summary>What the model cannot say: history that only grows.</summary>
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

            ALTER TABLE activation_seen SET (fillfactor = 85);

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
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER only_grows ON license_event;
        DROP TRIGGER never_emptied ON license_event;
        DROP TRIGGER only_grows ON event_detail;
        DROP TRIGGER never_emptied ON event_detail;
        DROP FUNCTION refuse_change();
        ALTER TABLE activation_seen RESET (fillfactor);
        DROP TRIGGER tell_changed ON asp_net_users;
        DROP TRIGGER tell_changed ON asp_net_user_roles;
        DROP FUNCTION tell_staff_changed();
        """);
}
