using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Faults;

/// <summary>
/// T41: full disks, a full log, little memory, and clocks that jump. The portal does nothing wrong, says what is the matter, and goes on by
/// itself when the cause is gone. Only with <c>SELFHELP_LONG=1</c>; the small disks are mounted, which only root may do.
/// </summary>
public sealed class MachineFaultTests
{

    [Fact]
    public async Task A_full_disk_for_mails_keeps_them_until_there_is_room()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        using var disk = SmallDisk.Mount("1m");
        await using var portal = new PortalFactory();
        portal.Configuration["Mail:PickupDirectory"] = Path.Combine(disk.Folder, "mail");
        await portal.InitializeAsync();
        disk.Fill();

        await portal.AddLicenseAsync(computers: ["KASSE-1"]);
        using (var browser = new Browser(portal))
        {
            await browser.GetAsync("/lost-key");
            await browser.SubmitAsync(("Email", SampleLicense.Owner));
            browser.Status.ShouldBe(HttpStatusCode.OK);
        }

        await Eventually.BecomesTrueAsync(async () => (await MailsAsync(portal)).Any(m => m.LastReply?.Length > 0));
        (await MailsAsync(portal)).ShouldAllBe(m => m.State != OutboxState.Sent);
        using var client = portal.CreateClient();
        (await client.GetStringAsync("/healthz/ready")).ShouldBe("degraded");

        disk.Empty();
        await Eventually.BecomesTrueAsync(async () =>
        {
            // The queue looks again after its own time, which the clock of the test makes pass.
            portal.Clock.Advance(TimeSpan.FromMinutes(1));
            return (await MailsAsync(portal)).TrueForAll(m => m.State == OutboxState.Sent);
        });
        (await client.GetStringAsync("/healthz/ready")).ShouldBe("ready");
    }

    [Fact]
    public async Task A_full_disk_of_the_database_refuses_and_comes_back()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        using var disk = SmallDisk.Mount("400m");
        using var cluster = await OwnCluster.StartAsync(Path.Combine(disk.Folder, "pg"));
        await using var api = new ApiPortal();
        cluster.Serve(api.Portal);
        await api.InitializeAsync();
        var before = await api.ActiveTillAsync("BEFORE", ApiPortal.Beam);
        disk.Fill();

        // Room that the server has already is used up first.
        var told = new List<string>();
        var refused = 0;
        for (var i = 0; i < 3000 && refused < 3; i++)
        {
            try
            {
                var till = new Till(api, $"FULL-{i}", ApiPortal.Beam, await api.LicenseAsync(ApiPortal.Beam));
                var answer = await till.ActivateAsync();
                if (answer.Status == 201)
                {
                    told.Add(till.Handle!);
                }
                else
                {
                    answer.Status.ShouldBeGreaterThanOrEqualTo(500, answer.Text);
                    refused++;
                }
            }
            catch (Exception e) when (e is DbUpdateException or Npgsql.NpgsqlException or InvalidOperationException)
            {
                // The new license itself found no room.
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0, "the disk did not become full");
        disk.Empty();
        cluster.StartAgain();
        await Eventually.BecomesTrueAsync(async () => (await before.CheckAsync()).Status == 200);
        await api.ActiveTillAsync("AFTER", ApiPortal.Beam);
        await using var db = api.Portal.Open();
        (await db.Activations.CountAsync(a => told.Contains(a.Handle))).ShouldBe(told.Count, "an answered activation is lost");
    }

    /// <summary>Everything the portal prints goes nowhere, and its heap may not pass 2 GB.</summary>
    [Fact]
    public async Task A_full_log_and_little_memory_stop_nobody()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("selfhelp-small-");
        await using var database = await TestDatabase.CreateAsync();
        var port = FreePort();
        var program = Path.Combine(AppContext.BaseDirectory, "SelfHelpPortal.dll");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" > /dev/full 2>&1", program])
        {
            WorkingDirectory = Repository.At("SelfHelpPortal"),
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__Portal"] = database.PortalConnection,
            ["Database__MigrateOnStart"] = "false",
            ["Secrets__Directory"] = Path.Combine(folder.FullName, "secrets"),
            ["Mail__PickupDirectory"] = Path.Combine(folder.FullName, "mail"),
            ["Logging__LogLevel__Default"] = "Information",
            // In hexadecimal, as the runtime wants it.
            ["DOTNET_GCHeapHardLimit"] = "80000000",
        })
        {
            start.Environment[name] = value;
        }

        using var portal = Process.Start(start)!;
        try
        {
#pragma warning disable CA5399 // Nothing here is encrypted.
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
#pragma warning restore CA5399
            await Eventually.BecomesTrueAsync(async () => !portal.HasExited && await AnswersAsync(client));
            var large = $"{{\"activationKey\":\"{new string('x', 900_000)}\"}}";
            await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, cancel) =>
            {
                if (i % 20 == 0)
                {
                    await PostTooMuchAsync(client, large, cancel);
                    return;
                }

                using var page = await client.GetAsync("/release", cancel);
                page.StatusCode.ShouldBe(HttpStatusCode.OK);
            });
            (await client.GetStringAsync("/healthz/ready")).ShouldBe("ready");
            portal.HasExited.ShouldBeFalse();
        }
        finally
        {
            portal.Kill();
            await portal.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_clock_that_jumps_forth_and_back_locks_nobody_and_stops_nothing()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        await using var api = new ApiPortal();
        await api.InitializeAsync();
        var till = await api.ActiveTillAsync("KASSE-1", ApiPortal.Beam);
        foreach (var jump in new[] { TimeSpan.FromDays(400), TimeSpan.FromDays(-500), TimeSpan.FromDays(100) })
        {
            api.Clock.Now += jump;
            (await till.CheckAsync()).Status.ShouldBe(200);
            (await api.Client.GetStringAsync("/healthz/live")).ShouldBe("live");
            await api.ActiveTillAsync($"NEW-{jump.Days}", ApiPortal.Beam);
        }

        await using var db = api.Portal.Open();
        (await db.Flags.CountAsync()).ShouldBe(0);
        (await till.ReleaseAsync()).Status.ShouldBe(200);
    }

    /// <summary>The only certificate of the portal's own wraps keys; it is nobody's proof, so that its end must not end anything.</summary>
    [Fact]
    public async Task The_certificate_of_the_stored_secrets_opens_them_after_its_end()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var license = await portal.AddLicenseAsync(computers: ["KASSE-1"]);
        portal.Clock.Advance(TimeSpan.FromDays(366 * 25));

        (await license.QrTokenAsync("KASSE-1")).ShouldNotBeEmpty();
    }

    private static async Task PostTooMuchAsync(HttpClient client, string body, CancellationToken cancel)
    {
        try
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/api/v1/activations", content, cancel);
            ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        }
        catch (HttpRequestException)
        {
            // Refused unread, while it was still being sent.
        }
    }

    private static async Task<List<OutboxMessage>> MailsAsync(PortalFactory portal)
    {
        await using var db = portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().ToListAsync();
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/healthz/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A disk of this size in memory, at a place of its own.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string folder) => Folder = folder;

        public string Folder { get; }

        private string Filler => Path.Combine(Folder, "filler");

        public static SmallDisk Mount(string size)
        {
            var folder = Directory.CreateTempSubdirectory("selfhelp-disk-").FullName;
            Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=755", "tmpfs", folder);
            return new SmallDisk(folder);
        }

        public void Fill()
        {
            using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[64 * 1024];
            try
            {
                for (var size = block.Length; size > 0; size /= 2)
                {
                    WriteUntilFull(file, block.AsSpan(0, size));
                }
            }
            catch (IOException)
            {
                // Not a byte more fits.
            }
        }

        public void Empty() => File.Delete(Filler);

        public void Dispose()
        {
            Run("umount", "-l", Folder);
            Directory.Delete(Folder);
        }

        private static void WriteUntilFull(FileStream file, ReadOnlySpan<byte> block)
        {
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException) when (block.Length > 1)
            {
                // A smaller piece may still fit.
            }
        }

        private static void Run(string program, params string[] arguments)
        {
            var (exit, output) = ServerAccount.Run(null, program, arguments);
            exit.ShouldBe(0, $"{program} needs root: {output}");
        }
    }
}
