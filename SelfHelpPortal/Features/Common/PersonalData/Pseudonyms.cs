using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Common.PersonalData;

/// <summary>Takes names out of rows that stay. In the caller's transaction.</summary>
internal static class Pseudonyms
{
    /// <summary>What stands in place of a contact: the pages of an old order still open, and nobody is written to.</summary>
    private const string NoContact = """{"name":"–","email":"","street":"","postalCode":"","city":"","country":"DE"}""";

    /// <summary>Who ordered, with what and in which words. Reference, state, price and the new computer's code stay.</summary>
    public static async Task OfOrdersAsync(PortalDbContext db, Guid[] orders, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"DELETE FROM transfer_message WHERE request_id = ANY({orders})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM transfer_pc WHERE request_id = ANY({orders})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE transfer_item SET new_pc_name = NULL, stated_license = NULL, app_version = NULL WHERE request_id = ANY({orders})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $$"""
             UPDATE transfer_request SET draft = '{}', contact = {{NoContact}}::jsonb, vat_id_check = NULL, staff_reason = NULL
             WHERE id = ANY({{orders}}) AND contact IS NOT NULL
             """,
            cancellationToken);
        await BlankHistoryAsync(db, orders, cancellationToken);
    }

    /// <summary>Names, networks and words of these streams; the events and their chain stay. Names of staff are theirs.</summary>
    public static Task BlankHistoryAsync(PortalDbContext db, Guid[] streams, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
             UPDATE event_detail d SET actor_name = CASE WHEN e.actor_kind = 'Staff' THEN d.actor_name END, ip_prefix = NULL, text = NULL
             FROM license_event e WHERE e.id = d.event_id AND e.stream = ANY({streams})
             """,
            cancellationToken);
}
