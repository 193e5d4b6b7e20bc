using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace SelfHelpPortal.Data;

/// <summary>A text that the database cannot hold was about to be sent to it. The message does not repeat it.</summary>
internal sealed class InvalidTextException(string message) : Exception(message)
{
    /// <summary>Whether this is why the work failed, whoever noticed: the guard or PostgreSQL itself.</summary>
    public static bool IsCauseOf(Exception? failure) => failure switch
    {
        null => false,
        InvalidTextException => true,
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => true,
        _ => IsCauseOf(failure.InnerException),
    };
}

/// <summary>
/// Refuses statements with a value that is not text. Forms, addresses and JSON are judged where they come in (RequestTextGate, FormGate,
/// MachineJson); this is for what arrives otherwise, over a circuit or in a file, so that PostgreSQL's own complaint never comes up as a
/// fault of ours.
/// </summary>
internal sealed class TextGuard : DbCommandInterceptor
{
    public static readonly TextGuard Instance = new();

    private TextGuard()
    {
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Checked(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default) =>
        new(Checked(command, result));

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Checked(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Checked(command, result));

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        Checked(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(Checked(command, result));

    private static T Checked<T>(DbCommand command, T result)
    {
        foreach (DbParameter parameter in command.Parameters)
        {
            if (!IsText(parameter))
            {
                throw new InvalidTextException(
                    $"Parameter {parameter.ParameterName} of a statement holds a character that is not text (U+0000, a noncharacter or "
                        + $"half a surrogate pair). "
                    + "The statement was not sent. Refuse such text where it comes in.");
            }
        }

        return result;
    }

    private static bool IsText(DbParameter parameter) => parameter.Value switch
    {
        // JSON writes U+0000 as an escape, which jsonb refuses.
        string json when parameter is NpgsqlParameter { NpgsqlDbType: NpgsqlDbType.Jsonb } => ValidText.Is(json) && !HasEscapedNull(json),
        string text => ValidText.Is(text),
        IEnumerable<string?> texts => texts.All(text => ValidText.Is(text)),
        _ => true,
    };

    private static bool HasEscapedNull(string json)
    {
        for (var at = json.IndexOf("\\u0000", StringComparison.Ordinal); at >= 0;
            at = json.IndexOf("\\u0000", at + 1, StringComparison.Ordinal))
        {
            // An even number of backslashes before it are escaped backslashes.
            var before = at;
            while (before > 0 && json[before - 1] == '\\')
            {
                before--;
            }

            if ((at - before) % 2 == 0)
            {
                return true;
            }
        }

        return false;
    }
}
