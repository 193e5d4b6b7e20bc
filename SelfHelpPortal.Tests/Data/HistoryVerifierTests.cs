using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Platform.CommandLine;
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
            await AppendAsync(stream, 4);
        }

        await using var db = _portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        for (var i = 0; i < 3; i++)
        {
            await AuditLog.AppendAsync(db, _stream, AuditKind.LicensesSearched, null, "Muster", _portal.Clock.Now, default);
        }

        await transaction.CommitAsync();
    }

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task An_untouched_history_is_intact()
    {
        (await VerifyAsync()).ShouldBe(new HistoryReport(3, 12, 0, [], 0, 3));
        (await _portal.RunAsync("verify", "history")).ShouldBe(
            (ExitCode.Done,
                $"The history is intact: 12 events in 3 streams, 3 entries of the audit log, 0 with a blanked "
                    + $"detail.{Environment.NewLine}"));
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
    [InlineData("UPDATE license_event SET detail_digest = sha256('x')", nameof(HistoryFaultKind.Altered))]
    [InlineData("DELETE FROM license_event", nameof(HistoryFaultKind.Missing))]
    [InlineData("UPDATE license_event SET previous_hash = sha256('x')", nameof(HistoryFaultKind.Unlinked),
        nameof(HistoryFaultKind.Altered))]
    [InlineData("UPDATE event_detail SET text = 'Nichts'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET text = NULL", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET actor_name = 'Clerk 2'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET ip_prefix = '198.51.100.0/24'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET text = 'Nichts', text_salt = NULL", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET text = 'Nichts', ip_prefix = NULL, ip_prefix_salt = NULL", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("DELETE FROM event_detail", nameof(HistoryFaultKind.DetailMissing))]
    [InlineData("UPDATE audit_entry SET kind = 'AuditSearched'")]
    [InlineData("UPDATE audit_entry SET subject = 'L-10001'")]
    [InlineData("UPDATE audit_entry SET text = 'Nichts'", nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("DELETE FROM audit_entry", nameof(HistoryFaultKind.Missing))]
    public async Task Each_change_is_named_by_stream_and_number(string change, params string[] expected)
    {
        await ChangeAsync(change);

        var report = await VerifyAsync();

        var inAudit = change.Contains("audit_entry", StringComparison.Ordinal);
        report.Faults.ShouldBe((expected is [] ? [nameof(HistoryFaultKind.Altered)] : expected)
            .Select(k => new HistoryFault(_stream, 2, Enum.Parse<HistoryFaultKind>(k), inAudit)));
        var (exit, output) = await _portal.RunAsync("verify", "history");
        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain(
            $"{(inAudit ? "Audit stream" : "Stream")} {_stream}, {(inAudit ? "entry" : "event")} 2: "
                + $"{VerifyHistoryCommand.Sentence(report.Faults[0].Kind)}");
    }

    [Fact]
    public async Task An_event_with_right_hashes_in_place_of_another_does_not_fit_the_next()
    {
        var hash = await HashAsync(2, "Resumed");
        await ChangeAsync($"UPDATE license_event SET kind = 'Resumed', hash = decode('{Convert.ToHexString(hash)}', 'hex')");

        (await VerifyAsync()).Faults.ShouldBe([new HistoryFault(_stream, 3, HistoryFaultKind.Unlinked)]);
    }

    [Theory]
    [InlineData("ip_prefix = NULL")]
    [InlineData("ip_prefix = NULL, text = NULL")]
    [InlineData("actor_name = NULL, ip_prefix = NULL, text = NULL")]
    public async Task What_the_portal_blanks_is_no_fault(string blanked)
    {
        await using (var db = _portal.Open())
        {
#pragma warning disable EF1002 // The texts stand above.
            await db.Database.ExecuteSqlRawAsync(
                $"""
                 UPDATE event_detail SET {blanked}
                 WHERE event_id = (SELECT id FROM license_event WHERE stream = '{_stream}' AND seq = 2)
                 """);
#pragma warning restore EF1002
        }

        (await VerifyAsync()).ShouldBe(new HistoryReport(3, 12, 1, [], 0, 3));
    }

    /// <summary>The first version had one digest over all parts of a detail.</summary>
    [Theory]
    [InlineData("", 0, null)]
    [InlineData("UPDATE event_detail SET text = 'Nichts'", 0, nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET text = 'Nichts', ip_prefix = NULL", 0, nameof(HistoryFaultKind.DetailAltered))]
    [InlineData("UPDATE event_detail SET salt = NULL, ip_prefix = NULL", 1, null)]
    public async Task Events_of_the_first_version_are_judged_by_their_one_digest(string change, long blanked, string? expected)
    {
        var old = Guid.CreateVersion7();
        await using (var db = _portal.Open())
        {
            var (salt, at) = (EventLog.NewSalt(), UtcConverter.Truncate(_portal.Clock.Now));
            var digest = EventLog.FirstDigest(salt, "Clerk 1", "192.0.2.0/24", null);
            db.Events.Add(new LicenseEvent
            {
                Stream = old,
                Seq = 1,
                At = at,
                Kind = EventKind.Imported,
                ActorKind = ActorKind.Staff,
                Data = "{}",
                DetailDigest = digest,
                PreviousHash = [],
                Hash = EventLog.Chain([], old, 1, at, nameof(EventKind.Imported), nameof(ActorKind.Staff), null, "{}", digest),
                Detail = new EventDetail { Salt = salt, ActorName = "Clerk 1", IpPrefix = "192.0.2.0/24" },
            });
            await db.SaveChangesAsync();
        }

        if (change.Length > 0)
        {
            await ChangeAsync(change, old, 1);
        }

        var report = await VerifyAsync();

        report.Blanked.ShouldBe(blanked);
        report.Faults.ShouldBe(expected is null ? [] : [new HistoryFault(old, 1, Enum.Parse<HistoryFaultKind>(expected))]);
    }

    [Fact]
    public async Task A_stream_written_anew_with_right_hashes_shows_against_the_heads_outside()
    {
        var file = (await _portal.Services.GetRequiredService<HistoryHeads>().WriteAsync(_portal.Clock.Now, default)).ShouldNotBeNull();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await File.ReadAllLinesAsync(file)).Length.ShouldBe(4);
        (await _portal.RunAsync("verify", "history", "--heads", file)).Exit.ShouldBe(ExitCode.Done);

        // The last event says something else, with the right hash, and the chain is whole.
        var hash = await HashAsync(4, "Resumed");
        await ChangeAsync($"UPDATE license_event SET kind = 'Resumed', hash = decode('{Convert.ToHexString(hash)}', 'hex')", _stream, 4);

        (await _portal.RunAsync("verify", "history")).Exit.ShouldBe(ExitCode.Done, "the hashes alone say nothing");
        foreach (var path in (string[])[file, _portal.HeadsFolder])
        {
            var (exit, output) = await _portal.RunAsync("verify", "history", "--heads", path);
            exit.ShouldBe(ExitCode.Refused);
            output.ShouldContain($"Stream {_stream}, event 4: {VerifyHistoryCommand.Sentence(HistoryFaultKind.Rewritten)}");
        }
    }

    [Fact]
    public async Task An_end_that_was_cut_off_shows_against_the_heads_outside()
    {
        var file = (await _portal.Services.GetRequiredService<HistoryHeads>().WriteAsync(_portal.Clock.Now, default)).ShouldNotBeNull();
        await ChangeAsync("DELETE FROM license_event", _stream, 4);
        await ChangeAsync("DELETE FROM audit_entry", _stream, 3);

        (await _portal.RunAsync("verify", "history")).Exit.ShouldBe(ExitCode.Done);
        (await _portal.Services.GetRequiredService<HistoryVerifier>().CompareAsync(HistoryHeads.Read(file), default)).ShouldBe(
            [new(_stream, 4, HistoryFaultKind.CutOff), new(_stream, 3, HistoryFaultKind.CutOff, InAudit: true)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_later_file_holds_what_has_grown_since()
    {
        var heads = _portal.Services.GetRequiredService<HistoryHeads>();
        // What was written within the last hour may not have been committed yet, and comes again.
        _portal.Clock.Advance(TimeSpan.FromHours(2));
        await heads.WriteAsync(_portal.Clock.Now, default);
        _portal.Clock.Advance(TimeSpan.FromDays(1));
        await AppendAsync(_stream, 1);

        var file = (await heads.WriteAsync(_portal.Clock.Now, default)).ShouldNotBeNull();

        var line = (await File.ReadAllLinesAsync(file)).ShouldHaveSingleItem();
        line.ShouldStartWith($"event {_stream} 5 ");
        HistoryHeads.Read(_portal.HeadsFolder).Count().ShouldBe(5);
        (await _portal.RunAsync("verify", "history", "--heads", _portal.HeadsFolder)).Exit.ShouldBe(ExitCode.Done, "growing is no fault");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("event 1 2 3")]
    public async Task A_file_that_is_none_is_said_in_a_sentence(string line)
    {
        Directory.CreateDirectory(_portal.HeadsFolder);
        var path = Path.Combine(_portal.HeadsFolder, "other.txt");
        await File.WriteAllTextAsync(path, line);

        var (exit, output) = await _portal.RunAsync("verify", "history", "--heads", path);

        exit.ShouldBe(ExitCode.Refused);
        output.ShouldStartWith($"{path} cannot be read:");
        (await _portal.RunAsync("verify", "history", "--heads", path + ".none")).Exit.ShouldBe(ExitCode.Refused);
    }

    private async Task AppendAsync(Guid stream, int count)
    {
        await using var db = _portal.Open();
        for (var i = 0; i < count; i++)
        {
            var actor = new Actor(ActorKind.Staff, Guid.CreateVersion7(), "Clerk 1", "192.0.2.0/24");
            await EventLog.AppendAsync(db, stream, EventKind.Suspended, new EventData { Before = "Active" }, actor,
                "Der Kunde hat angerufen", _portal.Clock.Now, default);
        }

        await db.SaveChangesAsync();
    }

    /// <summary>What the hash of an event would be if it were of another kind.</summary>
    private async Task<byte[]> HashAsync(int seq, string kind)
    {
        await using var db = _portal.Open();
        var e = await db.Events.AsNoTracking().SingleAsync(e => e.Stream == _stream && e.Seq == seq);
        return EventLog.Chain(e.PreviousHash, _stream, seq, e.At, kind, e.ActorKind.ToString(), e.ActorId, e.Data, e.DetailDigest);
    }

    private async Task<HistoryReport> VerifyAsync()
    {
        var report = await _portal.Services.GetRequiredService<HistoryVerifier>().VerifyAsync(default);
        // Records compare lists by reference.
        return report.Faults.Count == 0 ? report with { Faults = [] } : report;
    }

    private Task ChangeAsync(string statement) => ChangeAsync(statement, _stream, 2);

    /// <summary>To one event, past all triggers and keys.</summary>
    private async Task ChangeAsync(string statement, Guid stream, int seq)
    {
        var number = seq.ToString(CultureInfo.InvariantCulture);
        var row = statement.Contains("audit_entry", StringComparison.Ordinal)
            ? $"stream = '{stream}' AND seq = {number}"
            : $"{(statement.Contains("event_detail", StringComparison.Ordinal) ? "event_id" : "id")} = (SELECT id FROM license_event "
                + $"WHERE stream = '{stream}' AND seq = {number})";
        await using var connection = new NpgsqlConnection(_portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts stand in this class.
        command.CommandText = $"SET session_replication_role = replica; {statement} WHERE {row}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
