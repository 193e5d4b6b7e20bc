using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

public class HealthTests
{
    [Theory]
    [InlineData("/healthz/live", "live")]
    [InlineData("/healthz/ready", "ready")]
    public async Task A_running_portal_answers_one_word(string path, string word)
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(word);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""
        DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = (SELECT max("MigrationId") FROM "__EFMigrationsHistory")
        """, "The database's schema is not what its last migration ")]
    [InlineData(
        """
        INSERT INTO "__EFMigrationsHistory" VALUES ('20991231000000_Later', '12.0.0');
        UPDATE schema_support SET oldest_migration = '20991230000000_Used'
        """,
        "A later version")]
    [InlineData("ALTER TABLE license_event DISABLE TRIGGER only_grows", "changed trigger license_event.only_grows")]
    public async Task A_schema_that_is_not_the_one_of_this_version_is_not_ready_and_the_log_says_why(string act, string why)
    {
        var log = new KeptLog();
        await using var portal = new PortalFactory { Change = b => b.Services.AddSingleton<ILoggerProvider>(log) };
        await portal.InitializeAsync();
        await using (var owner = new NpgsqlConnection(portal.Database.OwnerConnection + ";Pooling=false"))
        {
            await owner.OpenAsync();
#pragma warning disable CA2100 // The texts stand above.
            await using var change = new NpgsqlCommand(act, owner);
#pragma warning restore CA2100
            await change.ExecuteNonQueryAsync();
        }

        using var client = portal.CreateClient();
        using var answer = await client.GetAsync("/healthz/ready");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("unavailable");
        log.Faults.ShouldContain(l => l.Contains(why));
    }

    /// <summary>While nodes are replaced one by one, a load balancer keeps those whose turn has not come yet.</summary>
    [Fact]
    public async Task A_schema_that_a_later_version_has_widened_is_ready()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        await using (var owner = new NpgsqlConnection(portal.Database.OwnerConnection + ";Pooling=false"))
        {
            await owner.OpenAsync();
            await using var later = new NpgsqlCommand(
                """INSERT INTO "__EFMigrationsHistory" VALUES ('20991231000000_Later', '12.0.0'); ALTER TABLE license ADD color text""",
                owner);
            await later.ExecuteNonQueryAsync();
        }

        using var client = portal.CreateClient();
        (await client.GetStringAsync("/healthz/ready")).ShouldBe("ready");
    }

    [Fact]
    public async Task The_worst_check_decides_and_an_exception_is_unavailable()
    {
        var state = Readiness.Degraded;
        await using var portal = new PortalFactory
        {
            Change = b =>
                b.Services.AddSingleton(
                    new ReadinessCheck("test", (_, _) => state == Readiness.Unavailable
                        ? throw new InvalidOperationException("broken")
                        : Task.FromResult(state))),
        };
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        (await client.GetStringAsync("/healthz/ready")).ShouldBe("degraded");
        state = Readiness.Unavailable;
        using var answer = await client.GetAsync("/healthz/ready");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Who_asks_while_the_checks_are_asked_shares_their_answer_and_who_asks_later_does_not()
    {
        var asked = 0;
        var held = new TaskCompletionSource<Readiness>();
        await using var services = new ServiceCollection()
            .AddSingleton(new ReadinessCheck("test", (_, _) => ++asked == 1 ? held.Task : Task.FromResult(Readiness.Degraded)))
            .BuildServiceProvider();
        var look = new ReadinessLook(services, NullLogger<ReadinessLook>.Instance);

        var crowd = Enumerable.Range(0, 20).Select(_ => look.AskAsync()).ToArray();
        held.SetResult(Readiness.Ready);

        (await Task.WhenAll(crowd)).ShouldAllBe(answer => answer.State == Readiness.Ready);
        (await look.AskAsync()).State.ShouldBe(Readiness.Degraded);
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_stopping_portal_sends_circuits_away_and_is_not_ready()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        using var client = portal.CreateClient();
        using (var before = await client.GetAsync("/_blazor"))
        {
            before.StatusCode.ShouldNotBe(HttpStatusCode.ServiceUnavailable);
        }

        portal.App.Lifetime.StopApplication();
        using var circuit = await client.GetAsync("/_blazor/negotiate");
        using var ready = await client.GetAsync("/healthz/ready");
        using var live = await client.GetAsync("/healthz/live");

        circuit.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        circuit.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (ready.StatusCode, await ready.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.ServiceUnavailable, "stopping"));
        (live.StatusCode, await live.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.OK, "live"));
    }

    [Fact]
    public async Task A_stopping_portal_answers_as_long_as_the_setting_says()
    {
        await using var portal = new PortalFactory();
        portal.Configuration["Web:StopDelaySeconds"] = "60";
        await portal.InitializeAsync();
        using var enough = new CancellationTokenSource();
        // As SIGTERM does it.
        portal.App.Lifetime.StopApplication();
        var stopping = portal.App.StopAsync(enough.Token);

        // Connections of its own, as a load balancer's next question is.
        using var client = portal.CreateClient();
        using var live = await client.GetAsync("/healthz/live");
        using var ready = await client.GetAsync("/healthz/ready");
        using var page = await client.GetAsync("/imprint");
        stopping.IsCompleted.ShouldBeFalse();
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        (ready.StatusCode, await ready.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.ServiceUnavailable, "stopping"));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        // A proxy would keep the connection for its next request otherwise.
        page.Headers.ConnectionClose.ShouldBe(true);
        await enough.CancelAsync();
        await stopping.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>
    /// A proxy may send a request again that no node has taken, and no other POST. So whoever has a connection is answered.
    /// </summary>
    [Fact]
    public async Task Nobody_who_was_let_in_is_left_without_an_answer_when_a_portal_stops()
    {
        await using var portal = new PortalFactory();
        portal.Configuration["Web:StopDelaySeconds"] = "1";
        await portal.InitializeAsync();
        var (answered, lost) = (0, new ConcurrentQueue<string>());
        var people = Enumerable.Range(0, 16).Select(_ => Task.Run(AskUntilNobodyIsThereAsync)).ToList();
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref answered) > 50);

        portal.App.Lifetime.StopApplication();
        await portal.App.StopAsync();
        await Task.WhenAll(people);

        lost.ShouldBeEmpty();

        async Task AskUntilNobodyIsThereAsync()
        {
            using var client = portal.CreateClient();
            client.DefaultRequestHeaders.ConnectionClose = true;
            while (true)
            {
                try
                {
                    using var answer = await client.PostAsync("/api/v1/activations/X/check", new StringContent("{}"));
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException nobody) when (nobody.HttpRequestError == HttpRequestError.ConnectionError)
                {
                    return;
                }
                catch (HttpRequestException failure)
                {
                    lost.Enqueue(failure.ToString());
                }
            }
        }
    }
}
