using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Limits;

/// <summary>T20 and T21, the core of them: two nodes, one table.</summary>
public sealed class AttemptLimiterTests : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Right = "right";
    private static readonly DateTimeOffset Now = TestClock.Start;
    private static int _networks;

    private readonly PostgresFixture _postgres;
    private readonly TemporarySecrets _secrets = new();
    private readonly AttemptLimiterOptions _options = new() { PortalWrongKeys = new() { Count = 100_000, Minutes = 60 } };
    private readonly List<IDisposable> _nodes = [];
    private readonly AttemptLimiter _here;
    private readonly AttemptLimiter _there;

    // Each test has a network of its own, so that none counts into another's buckets.
    private readonly int _network = Interlocked.Increment(ref _networks);
    private int _lookUps;

    public AttemptLimiterTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _here = Node(postgres.Database.PortalConnection);
        _there = Node(postgres.Database.PortalConnection);
    }

    public void Dispose()
    {
        _nodes.ForEach(n => n.Dispose());
        _secrets.Dispose();
    }

    [Fact]
    public async Task The_eleventh_guess_of_an_hour_reaches_no_look_up_and_the_next_hour_is_free()
    {
        for (var i = 0; i < 10; i++)
        {
            (await WrongAsync(_here, Address(1), $"wrong {i}"))
                .ShouldSatisfyAllConditions(r => r.Allowed.ShouldBeTrue(), r => r.Value.ShouldBeNull());
        }

        foreach (var node in new[] { _here, _there, _there })
        {
            var refused = await WrongAsync(node, Address(1), "wrong 11", Now.AddMinutes(59));
            refused.Allowed.ShouldBeFalse();
            refused.RetryAt.ShouldBe(Now.AddHours(1));
        }

        _lookUps.ShouldBe(10);
        (await RightAsync(_here, Address(2))).Value.ShouldBe(Right);
        (await WrongAsync(_there, Address(1), "wrong 12", Now.AddHours(1))).Allowed.ShouldBeTrue();
        (await WrongAsync(_here, Address(1), "wrong 13", Now.AddHours(1))).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task Fifty_parallel_guesses_over_two_nodes_never_overshoot()
    {
        var results =
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => WrongAsync(i % 2 == 0 ? _here : _there, Address(1), $"wrong {i}")));
        _lookUps.ShouldBe(10);
        results.Count(r => r.Allowed).ShouldBe(10);
    }

    /// <summary>The control: the same fifty guesses reach the look-up when no two have a bucket in common.</summary>
    [Fact]
    public async Task Fifty_guesses_from_fifty_sources_all_reach_the_look_up()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => WrongAsync(i % 2 == 0 ? _here : _there, Address(i), $"wrong {i}")));
        _lookUps.ShouldBe(50);
    }

    [Fact]
    public async Task Fifty_tills_behind_one_address_are_never_refused_and_write_nothing()
    {
        var before = await Dump.ReadAsync(_postgres, "guess_bucket");
        for (var round = 0; round < 3; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => RightAsync(i % 2 == 0 ? _here : _there, Address(1))));
            results.ShouldAllBe(r => r.Allowed && r.Value == Right);
        }

        (await Dump.ReadAsync(_postgres, "guess_bucket")).ShouldBe(before);
        _lookUps.ShouldBe(150);
    }

    [Fact]
    public async Task One_wrong_key_is_tried_five_times_from_wherever()
    {
        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => WrongAsync(i % 2 == 0 ? _here : _there, Address(i), "the same wrong key")));
        results.Count(r => r.Allowed).ShouldBe(5);
        _lookUps.ShouldBe(5);
    }

    [Fact]
    public async Task Keys_that_are_easy_to_guess_have_half_the_budget()
    {
        for (var i = 0; i < 7; i++)
        {
            await _here.TryAsync(AttemptSubjects.ForKey(Address(1), Hash($"weak {i}"), lowEntropy: true), LookUp(null), Now);
        }

        _lookUps.ShouldBe(5);
        // Who types one of our own keys at the same address still has the other half.
        (await WrongAsync(_here, Address(1), "strong")).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task One_IPv6_customer_is_one_source_and_a_mapped_address_is_the_address_itself()
    {
        for (var i = 0; i < 10; i++)
        {
            await WrongAsync(_here, IPAddress.Parse($"2001:db8:{_network:x}:1::{i + 1:x}"), $"six {i}");
            await WrongAsync(_here, i % 2 == 0 ? Address(9) : Address(9).MapToIPv6(), $"four {i}");
        }

        (await WrongAsync(_there, IPAddress.Parse($"2001:db8:{_network:x}:1:ffff::1"), "six")).Allowed.ShouldBeFalse();
        (await WrongAsync(_there, IPAddress.Parse($"2001:db8:{_network:x}:2::1"), "six")).Allowed.ShouldBeTrue();
        (await WrongAsync(_there, Address(9), "four")).Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task The_portal_wide_limit_alerts_once_and_slows_strangers_but_refuses_nobody()
    {
        _options.PortalWrongKeys = new() { Count = 20, Minutes = 24 * 60 };
        _options.PortalDelaySeconds = 0;
        var later = Now.AddDays(100);
        (await RightAsync(_here, Address(200), later)).Slowed.ShouldBeFalse();

        var results = new List<LimitedResult<string>>();
        for (var i = 0; i < 22; i++)
        {
            results.Add(await WrongAsync(i % 2 == 0 ? _here : _there, Address(i), $"wide {i}", later));
        }

        results.Select(r => r.Alert).ShouldBe(Enumerable.Range(0, 22).Select(i => i == 19));
        results.Select(r => r.Slowed).ShouldBe(Enumerable.Range(0, 22).Select(i => i >= 20));
        results.ShouldAllBe(r => r.Allowed);

        var stranger = await RightAsync(_here, Address(201), later);
        (stranger.Allowed, stranger.Value, stranger.Slowed).ShouldBe((true, Right, true));
        (await RightAsync(_here, Address(201), later)).Slowed.ShouldBeFalse();
        (await RightAsync(_here, Address(200), later)).Slowed.ShouldBeFalse();
    }

    [Fact]
    public async Task Passwords_of_an_account_are_counted_per_source_and_in_all_while_a_known_device_has_its_own()
    {
        for (var source = 0; source < 4; source++)
        {
            for (var i = 0; i < 4; i++)
            {
                await _here.TryAsync(AttemptSubjects.ForPassword($"A{_network}", Address(source), null), LookUp(null), Now);
            }
        }

        _lookUps.ShouldBe(10);
        var owner = await _there.TryAsync(AttemptSubjects.ForPassword($"A{_network}", Address(0), "device-1"), LookUp(Right), Now);
        owner.Value.ShouldBe(Right);
    }

    [Fact]
    public async Task What_always_counts_is_refused_after_its_limit()
    {
        var allowed = 0;
        for (var i = 0; i < 5; i++)
        {
            allowed +=
                (await _here.RecordFailureAsync(
                    AttemptSubjects.ForMail(LimitedMail.LostKey, "someone@example.org", Address(1)), Now)).Allowed ? 1 : 0;
        }

        allowed.ShouldBe(3);
    }

    [Fact]
    public async Task One_address_tries_twenty_passwords_however_many_accounts_it_tries()
    {
        for (var account = 0; account < 40; account++)
        {
            await _here.TryAsync(AttemptSubjects.ForPassword($"B{_network}-{account}", Address(1), null), LookUp(null), Now);
        }

        _lookUps.ShouldBe(20);
        (await _there.TryAsync(AttemptSubjects.ForPassword($"B{_network}-39", Address(2), null), LookUp(Right), Now)).Value.ShouldBe(Right);
        (await _there.TryAsync(AttemptSubjects.ForPassword($"B{_network}-39", Address(1), "device-1"), LookUp(Right), Now)).Value.ShouldBe(
            Right);
    }

    [Fact]
    public async Task What_cannot_be_guessed_is_looked_up_first_and_right_after_any_number_of_wrong_ones()
    {
        var wrong = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => LongAsync(i % 2 == 0 ? _here : _there, $"long {i}", null)));
        wrong.Count(r => r.Allowed).ShouldBe(10);
        wrong.ShouldAllBe(r => r.Value == null);

        foreach (var node in new[] { _here, _there })
        {
            (await LongAsync(node, "the right one", Right)).Value.ShouldBe(Right);
            (await LongAsync(node, "long 99", null)).Allowed.ShouldBeFalse();
        }

        _lookUps.ShouldBe(54);
    }

    [Fact]
    public async Task What_can_be_guessed_beside_it_stays_within_the_budget()
    {
        var guessed = 0;
        for (var i = 0; i < 8; i++)
        {
            await _here.HitFirstAsync(
                AttemptSubjects.ForKey(Address(1), Hash($"{_network} both {i}"), lowEntropy: true),
                LookUp(null),
                () =>
                {
                    guessed++;
                    return Task.FromResult<string?>(null);
                },
                Now);
        }

        guessed.ShouldBe(5);
        _lookUps.ShouldBe(8);
    }

    [Fact]
    public async Task A_right_key_that_was_looked_up_first_is_held_back_like_a_wrong_one()
    {
        _options.PortalWrongKeys = new() { Count = 20, Minutes = 24 * 60 };
        _options.PortalDelaySeconds = 0;
        var later = Now.AddDays(200);
        for (var i = 0; i < 21; i++)
        {
            await LongAsync(_here, $"wide {i}", null, later, Address(i));
        }

        (await LongAsync(_there, "right", Right, later, Address(210))).Slowed.ShouldBeTrue();
        (await LongAsync(_there, "right", Right, later, Address(210))).Slowed.ShouldBeFalse("it was right today");
        (await LongAsync(_there, "wrong", null, later, Address(211))).Slowed.ShouldBeTrue();
    }

    [Fact]
    public async Task Mails_of_one_kind_use_up_no_other_and_no_stranger_alone_mutes_a_mailbox()
    {
        const string Owner = "Owner@b\u00FCro.example";
        async Task<int> AskAsync(params AttemptSubject[] subjects)
        {
            var sent = 0;
            while (sent < 50 && (await _here.RecordFailureAsync(subjects, Now)).Allowed)
            {
                sent++;
            }

            return sent;
        }

        (await AskAsync(AttemptSubjects.ForMail(LimitedMail.TransferConfirm, Owner, Address(1)))).ShouldBe(3);
        (await AskAsync(AttemptSubjects.ForMail(LimitedMail.LostKey, Owner, Address(1)))).ShouldBe(3);
        (await AskAsync(AttemptSubjects.ForMail(LimitedMail.LostKey, "OWNER@xn--bro-hoa.example", Address(2))))
            .ShouldBe(3, "another asker");
        (await AskAsync(AttemptSubjects.ForMail(LimitedMail.LostKey, "owner@B\u00DCRO.example", Address(3))))
            .ShouldBe(0, "the mailbox has had its six");
        (await AskAsync(AttemptSubjects.PerAsker(LimitedMail.LostKey, Owner, "browser|1"))).ShouldBe(3, "the owner's own browser");
        (await AskAsync(AttemptSubjects.ForMailOf(LimitedMail.LostKey, Owner, Guid.NewGuid()))).ShouldBe(3, "the owner, signed in");
        (await AskAsync(AttemptSubjects.ForMail(LimitedMail.PasswordReset, Owner, Address(3)))).ShouldBe(3);
        (await AskAsync(AttemptSubjects.ForMail(LimitedMail.LostKey, "owner+plus@b\u00FCro.example", Address(4))))
            .ShouldBe(3, "another mailbox, as far as anybody but its host knows");
    }

    [Fact]
    public async Task A_budget_that_cannot_be_asked_looks_nothing_up_and_fails_as_the_database_does()
    {
        var broken = Node("Host=127.0.0.1;Port=1;Username=x;Password=y;Database=z;Timeout=2");
        DatabaseFaults.IsUnavailable(await Should.ThrowAsync<Exception>(() => RightAsync(broken, Address(1)))).ShouldBeTrue();
        _lookUps.ShouldBe(0);
    }

    [Fact]
    public async Task Look_ups_with_connections_of_their_own_never_wait_for_each_other_however_small_the_pool()
    {
        var connection = _postgres.Database.PortalConnection + ";Maximum Pool Size=2;Timeout=10";
        await using var source = PortalDataSource.Create(connection);
        var small = Node(source);
        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => small.TryAsync(
            AttemptSubjects.ForKey(Address(i), Hash($"pool {i}"), false),
            async () =>
            {
                await using var command = source.CreateCommand("SELECT 'right'");
                return (string?)await command.ExecuteScalarAsync();
            },
            Now)));
        found.ShouldAllBe(r => r.Value == Right);
    }

    [Fact]
    public async Task A_dump_of_the_table_names_nobody()
    {
        await WrongAsync(_here, Address(77), "a typed key");
        await _here.RecordFailureAsync(AttemptSubjects.ForMail(LimitedMail.LostKey, "someone@example.org", Address(77)), Now);
        var dump = await Dump.ReadAsync(_postgres, "guess_bucket");
        dump.ShouldContain(nameof(AttemptScope.WrongKeyPerAddress));
        dump.ShouldNotContain(Address(77).ToString());
        dump.ShouldNotContain("someone");
        dump.ShouldNotContain(Convert.ToHexStringLower(Hash("a typed key")));
        dump.ShouldNotContain(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Address(77).ToString()))));
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private IPAddress Address(int host) => new([10, (byte)_network, 0, (byte)host]);

    private Task<LimitedResult<string>> WrongAsync(AttemptLimiter node, IPAddress address, string key, DateTimeOffset? now = null) =>
        node.TryAsync(AttemptSubjects.ForKey(address, Hash($"{_network} {key}"), false), LookUp(null), now ?? Now);

    private Task<LimitedResult<string>> RightAsync(AttemptLimiter node, IPAddress address, DateTimeOffset? now = null) =>
        node.TryAsync(AttemptSubjects.ForKey(address, Hash($"{_network} right key of {address}"), false), LookUp(Right), now ?? Now);

    private Task<LimitedResult<string>> LongAsync(
        AttemptLimiter node, string key, string? answer, DateTimeOffset? now = null, IPAddress? address = null) =>
        node.HitFirstAsync(
            AttemptSubjects.ForKey(address ?? Address(1), Hash($"{_network} {key}"), false), LookUp(answer), null, now ?? Now);

    private Func<Task<string?>> LookUp(string? answer) => async () =>
    {
        Interlocked.Increment(ref _lookUps);
        await Task.Yield();
        return answer;
    };

    private AttemptLimiter Node(string connection)
    {
        var source = PortalDataSource.Create(connection);
        _nodes.Add(source);
        return Node(source);
    }

    private AttemptLimiter Node(NpgsqlDataSource source)
    {
        var node = new AttemptLimiter(
            source, Peppers.Open(_secrets.Directory), Options.Create(_options), TimeProvider.System, NullLogger<AttemptLimiter>.Instance);
        _nodes.Add(node);
        return node;
    }
}
