using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.People;

/// <summary>Why an act on the people of a customer was stopped by its own rules.</summary>
internal enum MembershipError
{
    /// <summary>Nobody would be left who may decide.</summary>
    LastOwner,

    /// <summary>The person, or the invitation, is there no more.</summary>
    Gone,

    /// <summary>The invited person belongs to the customer already.</summary>
    Belongs,
    TooManyTries,
}

/// <summary>How the act ended; both null: it is done.</summary>
internal sealed record PeopleAnswer(MembershipError? Stopped, CustomerRefusal? Refused, DateTimeOffset? RetryAt = null);

/// <summary>Runs an act on the people of a customer, one at a time for each customer.</summary>
internal sealed class PeopleActs(CustomerActs acts)
{
    /// <param name="decide">Holds the customer's row; null when it may be done.</param>
    public async Task<PeopleAnswer> RunAsync(
        Type useCase, CustomerAct act, Guid customer, object content, Func<PortalDbContext, Task<MembershipError?>> decide,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        MembershipError? stopped = null;
        try
        {
            var answer = await acts.RunAsync<Done>(
                useCase,
                act,
                customer,
                content,
                async db =>
                {
                    await db.LockCustomersAsync([customer], cancellationToken);
                    stopped = await decide(db);
                    return stopped is null ? new Done() : CustomerRefusal.Conflict;
                },
                now,
                cancellationToken);
            return new PeopleAnswer(stopped, stopped is null ? answer.Refused : null);
        }
        catch (Exception e) when (IsDeadlock(e))
        {
            // Two owners who remove each other at once: each holds the own membership. One wins, and the other looks again.
            return new PeopleAnswer(null, CustomerRefusal.Conflict);
        }
    }

    private static bool IsDeadlock(Exception? e) =>
        e is not null && (e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected } || IsDeadlock(e.InnerException));

    internal sealed record Done;
}
