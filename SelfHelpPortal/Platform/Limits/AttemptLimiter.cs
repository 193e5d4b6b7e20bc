using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Limits;

/// <param name="Allowed">False: nothing was looked up, or the limit could not be asked. Say so as <c>too-many-tries</c>.</param>
/// <param name="Value">What the look-up found; null is a miss, which was counted.</param>
/// <param name="RetryAt">When the next try is allowed; only with <paramref name="Allowed"/> false.</param>
/// <param name="Slowed">The answer was held back because the whole portal sees too many wrong keys.</param>
/// <param name="Alert">This miss was the one that used up the whole portal's limit: staff are to be told, once.</param>
internal sealed record LimitedResult<T>(bool Allowed, T? Value, DateTimeOffset RetryAt, bool Slowed = false, bool Alert = false)
    where T : class
{
    /// <summary>The limits that this very miss used up; the next try is refused until then.</summary>
    public IReadOnlyList<UsedUpLimit> UsedUp { get; init; } = [];
}

internal sealed record UsedUpLimit(AttemptScope Scope, DateTimeOffset Until);

/// <summary>
/// How often somebody may be wrong, counted in PostgreSQL for all nodes together. Guesses of one subject queue on an advisory lock; at the
/// limit the look-up does not take place, otherwise it runs while the lock is held, and only a miss is counted. So parallel guesses cannot
/// overshoot, a hit writes nothing, and fifty tills behind one address do not refuse each other. What is too long to be guessed is looked
/// up first (<see cref="HitFirstAsync"/>), so that the wrong tries of others never refuse it. Call it before the transaction of the use
/// case, never inside.
/// </summary>
internal sealed partial class AttemptLimiter(
    NpgsqlDataSource database, Peppers peppers, IOptions<AttemptLimiterOptions> options, TimeProvider time, ILogger<AttemptLimiter> log)
    : IDisposable
{
    private const int MaxCacheEntries = 100_000;
    private const string Lock = "SELECT pg_advisory_xact_lock($1)";
    private const string Read =
        """
        SELECT s.place, b.window_start, b.used FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS s(scope, subject_hash, place)
        JOIN guess_bucket b ON b.scope = s.scope AND b.subject_hash = s.subject_hash
        """;

    private const string Count =
        """
        INSERT INTO guess_bucket AS b (scope, subject_hash, window_start, used) VALUES ($1, $2, $3, 1)
        ON CONFLICT (scope, subject_hash) DO UPDATE SET
            used = CASE WHEN b.window_start <= $4 THEN 1 ELSE b.used + 1 END,
            window_start = CASE WHEN b.window_start <= $4 THEN excluded.window_start ELSE b.window_start END
        RETURNING used, window_start
        """;

    private static readonly Meter Meter = new("SelfHelpPortal.Guessing");
    private static readonly Counter<long> Misses = Meter.CreateCounter<long>("guess.misses");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("guess.refusals");

    /// <summary>So that the first refusal is an increase.</summary>
    public static void CountFromZero()
    {
        foreach (var scope in Enum.GetValues<AttemptScope>())
        {
            Misses.Add(0, new KeyValuePair<string, object?>("scope", scope));
            Refusals.Add(0, new KeyValuePair<string, object?>("scope", scope));
        }
    }

    // One request per source at a time and node: who sends a thousand at once queues here and not on the connections that all others need.
    private readonly SemaphoreSlim[] _lanes = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    // A look-up may take a connection of its own while the limiter holds one. With half the pool at most in such pairs, they never wait for
    // each other.
    private readonly SemaphoreSlim _pairs = new(Math.Max(1, new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize / 2));

    // Both are only shortcuts of this node: full buckets need no look into the table, and who was right today is not slowed.
    private readonly ConcurrentDictionary<(long Bucket, int Limit), DateTimeOffset> _full = new();
    private readonly ConcurrentDictionary<long, DateOnly> _hits = new();

    /// <summary>
    /// Looks up within the limit. <paramref name="lookUp"/> answers null for a miss; it only reads, since a failing limiter throws its
    /// answer away. Delays by itself where <see cref="LimitedResult{T}.Slowed"/> says so.
    /// </summary>
    public async Task<LimitedResult<T>> TryAsync<T>(
        IReadOnlyList<AttemptSubject> subjects, Func<Task<T?>> lookUp, DateTimeOffset now, CancellationToken cancel = default)
        where T : class
    {
        var buckets = Buckets(subjects);
        if (RememberedAsFull(buckets, now) is { } until)
        {
            return Refuse<T>(buckets[0], until);
        }

        return await InLaneAsync(buckets, () => WithinLimitAsync(buckets, lookUp, now, cancel), now, cancel);
    }

    /// <summary>
    /// Looks up first and asks the limiter only after a miss: for keys and links that are too long to be guessed, where a right one is its
    /// holder's, whatever was typed beside it. Whoever is past the limit still learns that a key is right, by using it; a wrong one is
    /// refused like all others.
    /// </summary>
    /// <param name="guessable">What else the text may be that could be guessed: looked up within the limit only. Null: nothing.</param>
    public Task<LimitedResult<T>> HitFirstAsync<T>(
        IReadOnlyList<AttemptSubject> subjects, Func<Task<T?>> lookUp, Func<Task<T?>>? guessable, DateTimeOffset now,
        CancellationToken cancel = default)
        where T : class
    {
        var buckets = Buckets(subjects);
        return InLaneAsync(
            buckets,
            async () => await lookUp() is { } hit
                ? await HitAsync(buckets, hit, now, cancel)
                : await WithinLimitAsync(buckets, guessable ?? (() => Task.FromResult<T?>(null)), now, cancel),
            now,
            cancel);
    }

    /// <summary>
    /// Counts something that happened already: a wrong proof too long to be guessed (right ones need no limit), a mail, a look-up by
    /// staff. False: the limit was reached before.
    /// </summary>
    public async Task<LimitedResult<object>> RecordFailureAsync(
        IReadOnlyList<AttemptSubject> subjects, DateTimeOffset now, CancellationToken cancel = default) =>
        await TryAsync(subjects, () => Task.FromResult<object?>(null), now, cancel);

    public void Dispose()
    {
        _pairs.Dispose();
        Array.ForEach(_lanes, l => l.Dispose());
    }

    private async Task<LimitedResult<T>> InLaneAsync<T>(
        Bucket[] buckets, Func<Task<LimitedResult<T>>> ask, DateTimeOffset now, CancellationToken cancel)
        where T : class
    {
        var lane = _lanes[(int)((ulong)buckets[0].Key % (ulong)_lanes.Length)];
        await lane.WaitAsync(cancel);
        LimitedResult<T> result;
        try
        {
            result = await ask();
        }
        catch (Exception e) when (IsDatabase(e) || IsDatabase(e.InnerException))
        {
            // Nobody is let in, and nobody is told of too many tries: the answer is that the portal is away.
            Broken(log, e);
            throw;
        }
        finally
        {
            lane.Release();
        }

        if (result.Slowed)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.Value.PortalDelaySeconds), time, cancel);
        }

        return result;
    }

    /// <summary>In the lane: whoever was ahead may have used the last try.</summary>
    private async Task<LimitedResult<T>> WithinLimitAsync<T>(
        Bucket[] buckets, Func<Task<T?>> lookUp, DateTimeOffset now, CancellationToken cancel)
        where T : class =>
        RememberedAsFull(buckets, now) is { } until ? Refuse<T>(buckets[0], until) : await InPairAsync(buckets, lookUp, now, cancel);

    /// <summary>
    /// A hit outside the limit. It is held back like one inside: an answer that comes at once would tell it from a miss that does not.
    /// </summary>
    private async Task<LimitedResult<T>> HitAsync<T>(Bucket[] buckets, T hit, DateTimeOffset now, CancellationToken cancel)
        where T : class
    {
        var slowed = false;
        if (Array.Find(buckets, b => b.Scope == AttemptScope.PortalWrongKeys) is { } portal)
        {
            if (!WasRightToday(buckets[0].Key, now))
            {
                await using var connection = await database.OpenConnectionAsync(cancel);
                slowed = (await LockAndReadAsync(connection, [portal], cancel))
                    .Exists(row => row.Used >= portal.Limit && row.WindowStart + portal.Window > now);
            }

            RememberHit(buckets[0].Key, now);
        }

        return new LimitedResult<T>(true, hit, now, slowed);
    }

    private async Task<LimitedResult<T>> InPairAsync<T>(
        Bucket[] buckets, Func<Task<T?>> lookUp, DateTimeOffset now, CancellationToken cancel)
        where T : class
    {
        await _pairs.WaitAsync(cancel);
        try
        {
            return await LockedAsync(buckets, lookUp, now, cancel);
        }
        finally
        {
            _pairs.Release();
        }
    }

    private async Task<LimitedResult<T>> LockedAsync<T>(
        Bucket[] buckets, Func<Task<T?>> lookUp, DateTimeOffset now, CancellationToken cancel)
        where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var portal = Array.Find(buckets, b => b.Scope == AttemptScope.PortalWrongKeys);
        var slowed = false;
        foreach (var (bucket, windowStart, used) in await LockAndReadAsync(connection, buckets, cancel))
        {
            var until = windowStart + bucket.Window;
            if (used < bucket.Limit || until <= now)
            {
                continue;
            }

            if (bucket != portal)
            {
                Remember(bucket, until, now);
                return Refuse<T>(bucket, until);
            }

            slowed = !WasRightToday(buckets[0].Key, now);
        }

        var value = await lookUp();
        if (value is not null)
        {
            if (portal is not null)
            {
                RememberHit(buckets[0].Key, now);
            }

            return new LimitedResult<T>(true, value, now, slowed);
        }

        var usedUp = await CountAsync(connection, buckets, now, cancel);
        await transaction.CommitAsync(cancel);
        return new LimitedResult<T>(true, null, now, slowed, usedUp.Any(u => u.Scope == AttemptScope.PortalWrongKeys)) { UsedUp = usedUp };
    }

    private static async Task<List<(Bucket Bucket, DateTimeOffset WindowStart, int Used)>> LockAndReadAsync(
        NpgsqlConnection connection, Bucket[] buckets, CancellationToken cancel)
    {
        // One round trip, but separate statements: the last one sees what others committed while the first ones waited.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var bucket in buckets.Where(b => b.Scope != AttemptScope.PortalWrongKeys))
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(Lock) { Parameters = { new NpgsqlParameter<long> { TypedValue = bucket.Key } } });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(Read)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(buckets, b => b.Scope.ToString()) },
                new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(buckets, b => b.Hash) },
            },
        });

        var rows = new List<(Bucket, DateTimeOffset, int)>();
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        for (var i = 1; i < batch.BatchCommands.Count; i++)
        {
            await reader.NextResultAsync(cancel);
        }

        while (await reader.ReadAsync(cancel))
        {
            rows.Add((buckets[(int)reader.GetInt64(0) - 1], reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt32(2)));
        }

        return rows;
    }

    /// <summary>Counts the miss everywhere.</summary>
    /// <returns>What was reached by exactly this one.</returns>
    private async Task<IReadOnlyList<UsedUpLimit>> CountAsync(
        NpgsqlConnection connection, Bucket[] buckets, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var bucket in buckets)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Count)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = bucket.Scope.ToString() },
                    new NpgsqlParameter<byte[]> { TypedValue = bucket.Hash },
                    new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                    new NpgsqlParameter<DateTime> { TypedValue = (now - bucket.Window).UtcDateTime },
                },
            });
        }

        var usedUp = new List<UsedUpLimit>();
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        foreach (var bucket in buckets)
        {
            await reader.ReadAsync(cancel);
            var reached = reader.GetInt32(0) == bucket.Limit;
            Misses.Add(1, new KeyValuePair<string, object?>("scope", bucket.Scope));
            if (reached)
            {
                usedUp.Add(new UsedUpLimit(bucket.Scope, reader.GetFieldValue<DateTimeOffset>(1) + bucket.Window));
            }

            if (reached && bucket.Scope == AttemptScope.PortalWrongKeys)
            {
                PortalLimitReached(log, bucket.Limit, (int)bucket.Window.TotalMinutes);
            }
            else if (reached)
            {
                LimitReached(log, bucket.Scope);
            }

            await reader.NextResultAsync(cancel);
        }

        return usedUp;
    }

    private Bucket[] Buckets(IReadOnlyList<AttemptSubject> subjects)
    {
        if (subjects.Count == 0)
        {
            throw new ArgumentException("No subject was given to count the attempt under; pass at least one.", nameof(subjects));
        }

        var all = subjects.Select(BucketOf);
        if (subjects.Any(s => s.Scope == AttemptScope.WrongKeyPerAddress))
        {
            all = all.Append(BucketOf(new AttemptSubject(AttemptScope.PortalWrongKeys, "")));
        }

        return [.. all.OrderBy(b => b.Scope).ThenBy(b => b.Key)];
    }

    private Bucket BucketOf(AttemptSubject subject)
    {
        var limit = options.Value.For(subject);
        var hash = peppers.Mac(string.Create(CultureInfo.InvariantCulture, $"lshp/guess/v1|{subject.Scope}|{subject.Text}"));
        return new Bucket(
            subject.Scope,
            hash,
            BinaryPrimitives.ReadInt64BigEndian(hash),
            subject.Halved ? Math.Max(1, limit.Count / 2) : limit.Count,
            TimeSpan.FromMinutes(limit.Minutes));
    }

    private DateTimeOffset? RememberedAsFull(Bucket[] buckets, DateTimeOffset now)
    {
        foreach (var bucket in buckets)
        {
            if (_full.TryGetValue((bucket.Key, bucket.Limit), out var until))
            {
                if (until > now)
                {
                    return until;
                }

                _full.TryRemove((bucket.Key, bucket.Limit), out _);
            }
        }

        return null;
    }

    private void Remember(Bucket bucket, DateTimeOffset until, DateTimeOffset now)
    {
        if (_full.Count >= MaxCacheEntries)
        {
            foreach (var (key, over) in _full)
            {
                if (over <= now)
                {
                    _full.TryRemove(key, out _);
                }
            }
        }

        if (_full.Count < MaxCacheEntries)
        {
            _full[(bucket.Key, bucket.Limit)] = until;
        }
    }

    private bool WasRightToday(long source, DateTimeOffset now) => _hits.TryGetValue(source, out var day) && day == Day(now);

    private void RememberHit(long source, DateTimeOffset now)
    {
        if (_hits.Count >= MaxCacheEntries)
        {
            _hits.Clear();
        }

        _hits[source] = Day(now);
    }

    // The object mapper wraps what looks transient into an InvalidOperationException.
    private static bool IsDatabase(Exception? e) => e is NpgsqlException or TimeoutException;

    private static DateOnly Day(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private static LimitedResult<T> Refuse<T>(Bucket bucket, DateTimeOffset until)
        where T : class
    {
        Refusals.Add(1, new KeyValuePair<string, object?>("scope", bucket.Scope));
        return new LimitedResult<T>(false, null, until);
    }

    [LoggerMessage(5301, LogLevel.Warning, "Too many wrong tries: {Scope} is refused until its window ends")]
    private static partial void LimitReached(ILogger log, AttemptScope scope);

    [LoggerMessage(5302, LogLevel.Error, "The whole portal saw {Count} wrong keys within {Minutes} minutes; strangers are slowed down")]
    private static partial void PortalLimitReached(ILogger log, int count, int minutes);

    [LoggerMessage(5303, LogLevel.Error, "The guess budget cannot be asked, so look-ups are refused")]
    private static partial void Broken(ILogger log, Exception reason);

    /// <param name="Key">Names the bucket's advisory lock.</param>
    private sealed record Bucket(AttemptScope Scope, byte[] Hash, long Key, int Limit, TimeSpan Window);
}
