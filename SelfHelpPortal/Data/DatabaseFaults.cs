using Npgsql;

namespace SelfHelpPortal.Data;

/// <summary>
/// Which failures say that the database is away or busy, and not that something is wrong with the request or the program.
/// </summary>
internal static class DatabaseFaults
{
    /// <summary>
    /// Nothing of the request was kept, and the same request may succeed in a moment: no connection, none free in the pool, a restart or
    /// failover, a lock or statement that took too long, a deadlock.
    /// </summary>
    /// <remarks>A request that its own caller broke off is none of these, though the server answers it with "canceled" too.</remarks>
    public static bool IsUnavailable(Exception? failure) =>
        failure is not OperationCanceledException && !IsOutcomeUnknown(failure) && Any(failure, IsOfServer);

    /// <summary>The statement was ended by its own limit of time.</summary>
    public static bool TookTooLong(Exception? failure) =>
        Any(failure, e => e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled });

    /// <summary>The connection was lost while the server was committing: the request was carried out as a whole or not at all.</summary>
    public static bool IsOutcomeUnknown(Exception? failure) => Any(failure, e => e is OutcomeUnknownException);

    /// <summary>
    /// The server ended the session or is not heard any more. A plain error is an answer: the statement has failed and nothing is kept.
    /// </summary>
    public static bool LosesTheAnswer(Exception? failure) => Any(failure, e => e is PostgresException told
        ? told.InvariantSeverity is "FATAL" or "PANIC"
        : e is NpgsqlException);

    private static bool IsOfServer(Exception e) => e switch
    {
        TransactionLostException => true,
        PostgresException told => IsPassing(told.SqlState),
        // No connection, a broken one, or none free in the pool.
        NpgsqlException => true,
        _ => false,
    };

    private static bool IsPassing(string state) => state is
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.IdleSessionTimeout
        or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.SerializationFailure
        // After a failover the old server may still answer, and takes no writes.
        or PostgresErrorCodes.ReadOnlySqlTransaction
        // Connections, memory or disk are used up; the connection itself failed.
        || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal);

    private static bool Any(Exception? failure, Func<Exception, bool> matches)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (matches(e))
            {
                return true;
            }
        }

        return false;
    }
}
