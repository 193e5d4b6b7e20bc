using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What needs two people: who may decide what another one asked for, and what became of it.</summary>
internal static class TwoPeople
{
    /// <summary>Why this person cannot approve it now; null when nothing of the request stops it.</summary>
    public static StaffRefusal? WhyNotApproved(this ITwoPersonRequest asked, StaffActor by, DateTimeOffset now) =>
        asked.Decision is not null || asked.ExpiresAt <= now ? StaffRefusal.Conflict
        : asked.RequestedBy == by.Id ? StaffRefusal.SecondPerson
        : null;

    public static void Approve(this ITwoPersonRequest asked, StaffActor by, DateTimeOffset now) =>
        (asked.Decision, asked.DecidedBy, asked.DecidedAt) = (TwoPersonDecision.Approved, by.Id, now);

    /// <summary>Declines it or, by whoever had asked, takes it back; <see cref="ITwoPersonRequest.Decision"/> says which.</summary>
    public static void Decline(this ITwoPersonRequest asked, StaffActor by, DateTimeOffset now) =>
        (asked.Decision, asked.DecidedBy, asked.DecidedAt) =
            (asked.RequestedBy == by.Id ? TwoPersonDecision.Withdrawn : TwoPersonDecision.Declined, by.Id, now);
}
