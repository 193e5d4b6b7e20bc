using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Commands;

/// <summary>T32, the core of it: each command 20 times, interleaved, also with a changed payload.</summary>
public sealed class CommandLogTests : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly DateTimeOffset Now = TestClock.Start;
    private static long _unique;
    private readonly PostgresFixture _postgres;
    private readonly TemporarySecrets _secrets = new();
    private readonly CommandLog _log;
    private readonly Guid _record = Guid.CreateVersion7();

    public CommandLogTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _log = new CommandLog(new StoredSecrets(new EphemeralDataProtectionProvider()), Peppers.Open(_secrets.Directory));
    }

    public void Dispose() => _secrets.Dispose();

    [Fact]
    public async Task Twenty_parallel_repetitions_have_one_effect_and_one_answer()
    {
        var key = Key();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ActAsync(key, new Request("L-1", "x"))));

        results.Select(r => r.Answer).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        results.Count(r => r.State == CommandState.New).ShouldBe(1);
        (await EffectsAsync()).ShouldBe(1);
        (await ActAsync(key, new Request("L-1", "x"), now: Now.AddHours(23))).State.ShouldBe(CommandState.Repeated);
    }

    /// <summary>The control: with an id of its own each of them acts.</summary>
    [Fact]
    public async Task Twenty_different_commands_have_twenty_effects()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ActAsync(Key(), new Request("L-1", "x"))));
        (await EffectsAsync()).ShouldBe(20);
    }

    [Fact]
    public async Task Another_payload_or_use_under_the_same_id_is_a_mismatch()
    {
        var key = Key();
        await ActAsync(key, new Request("L-1", "x"));
        (await ActAsync(key, new Request("L-2", "x"))).State.ShouldBe(CommandState.Mismatch);
        (await ActAsync(key with { Kind = "LockLicense" }, new Request("L-1", "x"))).State.ShouldBe(CommandState.Mismatch);
        (await EffectsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_gets_anothers_answer_by_using_his_id()
    {
        var key = Key();
        var mine = await ActAsync(key, new Request("L-1", "x"));
        var stranger = await ActAsync(key with { Actor = "stranger" }, new Request("L-1", "x"));
        stranger.State.ShouldBe(CommandState.New);
        stranger.Answer.ShouldNotBe(mine.Answer);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered_so_the_same_form_may_succeed_later()
    {
        var key = Key();
        (await ActAsync(key, new Request("L-1", "x"), refuse: true)).State.ShouldBe(CommandState.New);
        (await EffectsAsync()).ShouldBe(0);
        (await ActAsync(key, new Request("L-1", "corrected"))).State.ShouldBe(CommandState.New);
        (await EffectsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Who_waited_for_a_refused_one_acts_himself()
    {
        var key = Key();
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ActAsync(key, new Request("L-1", "x"), refuse: i % 2 == 0)));
        (await EffectsAsync()).ShouldBe(1);
        results.Count(r => r is { State: CommandState.New, Answer: not null }).ShouldBe(1);
    }

    [Fact]
    public async Task After_its_time_a_key_is_a_new_command()
    {
        var key = Key();
        await ActAsync(key, new Request("L-1", "x"));
        (await ActAsync(key, new Request("L-2", "y"), now: Now.AddHours(24))).State.ShouldBe(CommandState.New);
        (await ActAsync(key, new Request("L-2", "y"), now: Now.AddHours(25))).State.ShouldBe(CommandState.Repeated);
        (await EffectsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_dump_shows_neither_request_nor_answer()
    {
        await ActAsync(Key(), new Request("L-7788", "KBHPE5N400"));
        var dump = await Dump.ReadAsync(_postgres, "command");
        dump.ShouldContain("ReleaseLicense");
        foreach (var secret in new[] { "L-7788", "KBHPE5N400", "done for" })
        {
            dump.ShouldNotContain(secret);
            dump.ShouldNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(secret)));
        }
    }

    [Fact]
    public async Task Without_a_transaction_or_a_beginning_it_refuses_to_pretend()
    {
        await using var db = _postgres.Open();
        await Should.ThrowAsync<InvalidOperationException>(
            () => _log.BeginAsync<Answer>(db, Key(), new Request("L-1", "x"), CommandLog.ApiHonored, Now));
        await Should.ThrowAsync<InvalidOperationException>(() => _log.FinishAsync(db, Key(), new Answer("x", 1)));
    }

    private static CommandKey Key() => CommandKey.Form("public", Guid.NewGuid(), "ReleaseLicense");

    private async Task<CommandStart<Answer>> ActAsync(CommandKey key, Request request, bool refuse = false, DateTimeOffset? now = null)
    {
        await using var db = _postgres.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var start = await _log.BeginAsync<Answer>(db, key, request, CommandLog.ApiHonored, now ?? Now);
        if (start.State != CommandState.New)
        {
            return start;
        }

        // The effect: any row will do.
        SecretLinks.Issue(db, LinkPurpose.Flag, _record, Now);
        await db.SaveChangesAsync();
        if (refuse)
        {
            return start;
        }

        var answer = new Answer($"done for {request.License}", Interlocked.Increment(ref _unique));
        await _log.FinishAsync(db, key, answer);
        await transaction.CommitAsync();
        return new(CommandState.New, answer);
    }

    private async Task<int> EffectsAsync()
    {
        await using var db = _postgres.Open();
        return await db.Set<MailLink>().CountAsync(l => l.RecordId == _record);
    }

    private sealed record Request(string License, string Text);

    private sealed record Answer(string Text, long Unique);
}
