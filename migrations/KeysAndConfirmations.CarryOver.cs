namespace SelfHelpPortal.Data.Migrations;

public partial class KeysAndConfirmations
{
    /// <summary>
    /// A member who came by a key alone keeps that license, and nothing else until somebody agrees. Registration and mail say so for as
    /// long as they are kept (30 days and 24 months); each bears the instant of the membership. An owner who has changed the role since has
    /// agreed, and whoever was invited or came in a way that nothing tells any more stays. Of several orders for one license that wait, the
    /// latest is guarded and the others end by themselves. Whoever ordered keeps the license file that came with an order that is
    /// completed.
    /// </summary>
    internal const string CarryOver =
        """
        INSERT INTO key_access (user_id, license_id, customer_id, since)
            SELECT m.user_id, l.id, m.customer_id, m.since FROM customer_member m JOIN license l ON l.customer_id = m.customer_id
            WHERE m.role = 0
                AND (EXISTS (SELECT 1 FROM registration r WHERE r.user_id = m.user_id AND r.license_id = l.id AND r.customer_id IS NULL AND r.used_at = m.since)
                    OR EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'account-opened' AND o.customer_id = m.customer_id AND o.reference = l.number AND o.created_at = m.since))
                AND NOT EXISTS (
                    SELECT 1 FROM license_event e
                    WHERE e.stream = m.customer_id AND e.kind = 'MemberChanged' AND e.data ->> 'member' = m.user_id::text AND e.at > m.since);
        DELETE FROM customer_member m USING key_access k WHERE k.customer_id = m.customer_id AND k.user_id = m.user_id;

        UPDATE transfer_item SET is_waiting = true WHERE id IN (
            SELECT DISTINCT ON (i.license_id) i.id FROM transfer_item i JOIN transfer_request r ON r.id = i.request_id
            WHERE r.state = 'AwaitingConfirmation' AND i.license_id IS NOT NULL ORDER BY i.license_id, r.ordered_at DESC, r.id DESC, i.position);

        UPDATE transfer_request SET orderer_gets_license = true WHERE state = 'Completed';
        """;
}
