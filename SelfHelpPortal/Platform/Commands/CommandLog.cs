using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Commands;

/// <summary>Which command of whom.</summary>
/// <param name="Actor">Who: a user id, <c>public</c> for forms without a sign-in, or the API's caller.</param>
/// <param name="Id">The form's <c>CommandId</c> (a GUID made when it was first shown) or the <c>Idempotency-Key</c> of a request.</param>
/// <param name="Kind">What: the name of the use case.</param>
internal sealed record CommandKey(string Actor, string Id, string Kind)
{
    /// <summary>A form's command is remembered for good (rows go after 30 days).</summary>
    public static CommandKey Form(string actor, Guid commandId, string kind) => new(actor, commandId.ToString("n"), kind);

    /// <summary>
    /// A program chose the id: it counts for the license (or activation) that the request has proved to know, and for no other.
    /// </summary>
    public static CommandKey Api(Guid scope, string id, string kind) => new($"api|{scope:n}", id, kind);
}

internal enum CommandState
{
    /// <summary>Carry it out, then call <see cref="CommandLog.FinishAsync"/> and commit.</summary>
    New,

    /// <summary>It was carried out before; give the stored answer again.</summary>
    Repeated,

    /// <summary>The id was used for something else: 409 for a form, 422 <c>IDEMPOTENCY_MISMATCH</c> in the API.</summary>
    Mismatch,
}

/// <param name="Answer">The stored answer of a repetition.</param>
internal readonly record struct CommandStart<T>(CommandState State, T? Answer);

/// <summary>
/// Makes a command happen once, however often it is sent: a double click, a repeated request, a COMMIT whose answer was lost.
/// The row commits with the effect, so there is never one without the other. <see cref="CommandRunner"/> has the order: the command is
/// claimed by the first of all statements, and a refusal is not committed.
/// A second caller with the same id waits in <see cref="BeginAsync"/> on the unique index until the first one commits (and then reads its
/// answer) or rolls back (and then carries the command out itself). The isolation level has to be READ COMMITTED, the default.
/// </summary>
internal sealed class CommandLog(StoredSecrets secrets, Peppers peppers)
{
    /// <summary>How long an <c>Idempotency-Key</c> counts (api.md); after that the same key is a new command.</summary>
    public static readonly TimeSpan ApiHonored = TimeSpan.FromHours(24);

    /// <summary>How long a form's command counts; older rows are deleted.</summary>
    public static readonly TimeSpan FormHonored = TimeSpan.FromDays(30);

    private const string RecordKind = "command/answer";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Claims the command inside the caller's transaction.</summary>
    /// <param name="request">Everything the request said; another payload under the same id is a mismatch. It is stored as a keyed hash
    /// only.</param>
    public async Task<CommandStart<T>> BeginAsync<T>(
        PortalDbContext db, CommandKey key, object request, TimeSpan honored, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException(
                "CommandLog.BeginAsync was called outside a transaction; begin the act's transaction first.");
        }

        var id = IdOf(key);
        // Keyed, because a request may hold a password or an imported key that a plain hash would let somebody guess.
        var said = $"lshp/command-request/v1|{key.Kind}|{JsonSerializer.Serialize(request, request.GetType(), Json)}";
        var requestHash = peppers.Mac(said);
        var expired = now - honored;
        var mine = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO command AS c (id, actor, kind, request_hash, created_at)
            VALUES ({id}, {key.Actor}, {key.Kind}, {requestHash}, {now.ToUniversalTime()})
            ON CONFLICT (id) DO UPDATE SET
                kind = excluded.kind, request_hash = excluded.request_hash, answer = NULL, created_at = excluded.created_at
            WHERE c.created_at <= {expired.ToUniversalTime()}
            """,
            cancel);
        if (mine == 1)
        {
            return new(CommandState.New, default);
        }

        var before = await db.Set<CommandRecord>().AsNoTracking().SingleAsync(c => c.Id == id, cancel);
        if (before.Kind != key.Kind || !peppers.Made(before.RequestHash, said))
        {
            return new(CommandState.Mismatch, default);
        }

        var answer = before.Answer ?? throw new InvalidOperationException($"The command {key.Kind} was committed without its answer.");
        return new(CommandState.Repeated, JsonSerializer.Deserialize<T>(secrets.Unseal(answer, RecordKind, id), Json));
    }

    /// <summary>Stores the answer, still inside the transaction.</summary>
    public async Task FinishAsync<T>(PortalDbContext db, CommandKey key, T answer, CancellationToken cancel = default)
    {
        var id = IdOf(key);
        var sealedAnswer = secrets.Seal(JsonSerializer.SerializeToUtf8Bytes(answer, Json), RecordKind, id);
        if (await db.Set<CommandRecord>().Where(c => c.Id == id)
            .ExecuteUpdateAsync(u => u.SetProperty(c => c.Answer, sealedAnswer), cancel) != 1)
        {
            throw new InvalidOperationException($"The command {key.Kind} was finished without being begun.");
        }
    }

    private static Guid IdOf(CommandKey key) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"lshp/command/v1|{key.Actor.Length}|{key.Actor}|{key.Id}")).AsSpan(0, 16),
            bigEndian: true);
}
