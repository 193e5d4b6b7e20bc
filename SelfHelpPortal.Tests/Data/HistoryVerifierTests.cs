using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.CommandLine;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>Whoever owns the database can switch its triggers off; what such a person changes is found.</summary>
public sealed class HistoryVerifierTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();
    private readonly Guid _stream = Guid.CreateVersion7();

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        foreach (var stream in new[] { Guid.CreateVersion7(), _stream, Guid.CreateVersion7() })
        {
            await using var db = _portal.Open();
            for (var i = 0; i < 4; i++)
            {
                var actor = new Actor(ActorKind.Staff, Guid.CreateVersion7(), "Clerk 1", "192.0.2.0/24");
                await EventLog.AppendAsync(db, stream, EventKind.Suspended, new EventData { Before = "Active" }, actor, "Der Kunde hat angerufen", _portal.Clock.Now, default);
            }

            await db.SaveChangesAsync();
        }
    }

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task An_untouched_history_is_intact()
    {
        (await VerifyAsync()).ShouldBe(new HistoryReport(3, 12, 0, [], 0), new Same());
        (await _portal.RunAsync("verify", "history")).ShouldBe(
            (ExitCode.Done, $"The history is intact: 12 events in 3 streams, 0 with a blanked detail.{Environment.NewLine}"));
    }

    [Theory]
    [InlineData("UPDATE license_event SET kind = 'Resumed'")]
    [InlineData("UPDATE license_event SET kind = 'NoSuchKind'")]
    [InlineData("UPDATE license_event SET actor_kind = 'Customer'")]
    [InlineData("UPDATE license_event SET actor_id = NULL")]
    [InlineData("UPDATE license_event SET actor_id = gen_random_uuid()")]
    [InlineData("""UPDATE license_event SET data = '{"before":"Locked"}'""")]
    [InlineData("UPDATE license_event SET data = (data::text || ' ')::json")]
    [InlineData("UPDATE license_event SET at = at + interval '1 microsecond'")]
    [InlineData("UPDATE license_event SET detail_digest = sha256('x')", nameof(HistoryFaultKind.Altered), nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("DELETE FROM license_event", nameof(HistoryFaultKind.Missing))]
    [InlineData("UPDATE license_event SET previous_hash = sha256('x')", nameof(HistoryFaultKind.Unlinked), nameof(HistoryFaultKind.Altered))]
    [InlineData("UPDATE event_detail SET text = 'Nichts'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET actor_name = 'Clerk 2'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET ip_prefix = '198.51.100.0/24'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("DELETE FROM event_detail", nameof(HistoryFaultKind.DetailMissing))]
    public async Task Each_change_is_named_by_stream_and_number(string change, params string[] expected)
    {
        await ChangeAsync(change);

        var report = await VerifyAsync();

        report.Faults.ShouldBe((expected is [] ? [nameof(HistoryFaultKind.Altered)] : expected).Select(k => new HistoryFault(_stream, 2, Enum.Parse<HistoryFaultKind>(k))));
        var (exit, output) = await _portal.RunAsync("verify", "history");
        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain($"Stream {_stream}, event 2: {VerifyHistoryCommand.Sentence(report.Faults[0].Kind)}");
    }

    [Fact]
    public async Task An_event_with_right_hashes_in_place_of_another_does_not_fit_the_next()
    {
        await using (var db = _portal.Open())
        {
            var first = await db.Events.AsNoTracking().SingleAsync(e => e.Stream == _stream && e.Seq == 1);
            var second = await db.Events.AsNoTracking().SingleAsync(e => e.Stream == _stream && e.Seq == 2);
            var hash = EventLog.Chain(first.Hash, _stream, 2, second.At, "Resumed", "Staff", second.ActorId, second.Data, second.DetailDigest);
            await ChangeAsync($"UPDATE license_event SET kind = 'Resumed', hash = decode('{Convert.ToHexString(hash)}', 'hex')");
        }

        (await VerifyAsync()).Faults.ShouldBe([new HistoryFault(_stream, 3, HistoryFaultKind.Unlinked)]);
    }

    [Theory]
    [InlineData("ip_prefix = NULL")]
    [InlineData("ip_prefix = NULL, text = NULL")]
    [InlineData("actor_name = NULL, ip_prefix = NULL, text = NULL")]
    public async Task A_blanked_detail_is_no_fault(string blanked)
    {
        await ChangeAsync($"UPDATE event_detail SET {blanked}");

        (await VerifyAsync()).ShouldBe(new HistoryReport(3, 12, 1, [], 0), new Same());
    }

    private Task<HistoryReport> VerifyAsync() => _portal.Services.GetRequiredService<HistoryVerifier>().VerifyAsync(default);

    /// <summary>To the second event of the stream in the middle, past all triggers and keys.</summary>
    private async Task ChangeAsync(string statement)
    {
        var row = statement.Contains("event_detail", StringComparison.Ordinal) ? "event_id" : "id";
        await using var connection = new NpgsqlConnection(_portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts stand in this class.
        command.CommandText = $"SET session_replication_role = replica; {statement} WHERE {row} = (SELECT id FROM license_event WHERE stream = '{_stream}' AND seq = 2)";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Same : IEqualityComparer<HistoryReport>
    {
        public bool Equals(HistoryReport? x, HistoryReport? y) => x! with { Faults = [] } == y! with { Faults = [] } && x.Faults.SequenceEqual(y.Faults);

        public int GetHashCode(HistoryReport obj) => obj.Events.GetHashCode();
    }
}
