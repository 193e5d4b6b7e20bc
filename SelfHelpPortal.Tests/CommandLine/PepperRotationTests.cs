using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>
/// T25, pepper: another one is brought in while two portals look up, activate and import, and the command that does it is killed once. No
/// look-up fails at any moment. 2,000 licenses; 100,000 with <c>SELFHELP_LONG=1</c>.
/// </summary>
public sealed class PepperRotationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int Licenses = Effort.IsLong ? 100_000 : 2_000;

    /// <summary>Each is a miss, and the whole portal's limit is 300.</summary>
    private const int MostAlike = 100;

    private readonly ApiPortal _portal = new();
    private readonly List<(Guid Id, string Key)> _licenses = [];
    private readonly CancellationTokenSource _over = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-pepper-");
    private SecondNode? _second;
    private int _lookUps;
    private int _activations;
    private int _imports;

    public async Task InitializeAsync()
    {
        await _portal.InitializeAsync();
        _second = await SecondNode.StartAsync(_portal.Portal);
    }

    public async Task DisposeAsync()
    {
        _over.Dispose();
        await _second!.DisposeAsync();
        await _portal.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_look_up_fails_while_every_key_is_hashed_anew()
    {
        await FillAsync();
        var before = _portal.Portal.Services.GetRequiredService<Peppers>().CurrentKid;
        var work = Task.WhenAll(LookUpAsync(_portal.Portal.Services), LookUpAsync(_second!.Services), ActivateAsync(), ImportAsync());

        (await RunAsync("keys", "rotate-pepper")).Exit.ShouldBe(ExitCode.Done);
        (await RunAsync("keys", "rotate-pepper"))
            .ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(ExitCode.Refused), r => r.Output.ShouldContain("(next)"));
        await ReindexAndDieAsync(before);
        (await RunAsync("keys", "remove-pepper", before)).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused), r => r.Output.ShouldMatch(@"stays: [1-9]\d* licenses"));

        var finished = await RunAsync("keys", "reindex");
        finished.Exit.ShouldBe(ExitCode.Done, finished.Output);
        (await RunAsync("keys", "remove-pepper", before))
            .ShouldSatisfyAllConditions(r => r.Output.ShouldContain("is gone"), r => r.Exit.ShouldBe(ExitCode.Done));

        // For a while everybody goes on without the old one.
        var now = _lookUps;
        await Eventually.BecomesTrueAsync(() => work.IsCompleted
            || (_lookUps > now + 200
                && new[] { _portal.Portal.Services, _second.Services }.All(s => s.GetRequiredService<Peppers>().All.Count == 1)));
        await _over.CancelAsync();
        await work;

        output.WriteLine(
            $"{Licenses} licenses; {_lookUps} look-ups, {_activations} activations and {_imports} imports meanwhile, and none failed.");
        _activations.ShouldBeGreaterThan(0);
        _imports.ShouldBeGreaterThan(0);
        await using var db = _portal.Portal.Open();
        (await db.Licenses.Select(l => l.Key.PepperId).Distinct().SingleAsync()).ShouldNotBe(before);
        var find = _portal.Portal.Services.GetRequiredService<KeyLookUp>();
        foreach (var (id, key) in _licenses.Take(1_000))
        {
            (await find.FindAsync(key, Anybody(), _portal.Clock.Now, default)).ShouldBeOfType<KeyAnswer.Found>().LicenseId.ShouldBe(id);
        }
    }

    /// <summary>Half of the keys are the portal's own, half of a vendor's format.</summary>
    private async Task FillAsync()
    {
        await SaveForeignProductAsync();
        var maker = _portal.Portal.Services.GetRequiredService<LicenseFactory>();
        await using var db = _portal.Portal.Open();
        var customer = await db.Customers.Select(c => c.Id).FirstAsync();
        for (var i = 0; i < Licenses; i++)
        {
            var own = ActivationKey.New();
            var foreign = Foreign(i);
            var license = i % 2 == 0
                ? maker.Make($"X-{i}", ApiPortal.Beam, customer, own.Normalized, own.ToString(), 1, _portal.Clock.Now)
                : maker.Make($"X-{i}", "foreign", customer, foreign.Replace("-", "", StringComparison.Ordinal), foreign, 1,
                    _portal.Clock.Now);
            db.Add(license);
            _licenses.Add((license.Id, i % 2 == 0 ? own.ToString() : foreign));
            if (i % 1_000 == 999)
            {
                await db.SaveChangesAsync();
                db.ChangeTracker.Clear();
            }
        }

        await db.SaveChangesAsync();
    }

    private async Task SaveForeignProductAsync()
    {
        await using var db = _portal.Portal.Open();
        db.Add(Product.Create("foreign", "Older",
            new ProductPolicies
            {
                Key = new KeyScheme { Pattern = "OLD[0-9]{6}[A-Z0-9]{7}", StripCharacters = "- " },
                Release = A.FreeRelease
            }));
        await db.SaveChangesAsync();
        _portal.Portal.Services.GetRequiredService<ProductCatalog>().Forget();
    }

    private static string Foreign(int i) => string.Create(CultureInfo.InvariantCulture, $"OLD-{i:000000}-")
        + string.Concat(i.ToString("000000", CultureInfo.InvariantCulture).Select(c => (char)('P' + (c - '0')))) + "O";

    /// <summary>
    /// Right keys are found, and one that only looks like a right one leads to it. Each from an address of its own, since misses are
    /// counted.
    /// </summary>
    private async Task LookUpAsync(IServiceProvider services)
    {
        await Task.Yield();
        var find = services.GetRequiredService<KeyLookUp>();
        var random = new Seeded();
        var alike = 0;
        while (!_over.IsCancellationRequested)
        {
            var (id, key) = random.Of(_licenses);
            (await find.FindAsync(key, Anybody(), _portal.Clock.Now, default))
                .ShouldBeOfType<KeyAnswer.Found>($"seed {random.Seed}").LicenseId.ShouldBe(id);
            Interlocked.Increment(ref _lookUps);
            if (alike < MostAlike && key.StartsWith("OLD", StringComparison.Ordinal))
            {
                alike++;
                (await find.FindAsync(key[..^1] + "0", Anybody(), _portal.Clock.Now, default))
                    .ShouldBeOfType<KeyAnswer.DidYouMean>($"seed {random.Seed}").Key.ShouldBe(key);
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private async Task ActivateAsync()
    {
        await Task.Yield();
        // Below the 600 requests of a minute, in which the clock of the test stands still.
        for (var i = 0; i < 800 && !_over.IsCancellationRequested; i += 2)
        {
            var till = new Till(_portal, $"PC-{i}", ApiPortal.Beam, _licenses[i].Key);
            (await till.ActivateAsync()).Status.ShouldBe(201);
            _activations++;
            await Task.Delay(50);
        }
    }

    /// <summary>New licenses come in all the time, and one that is there is known under either pepper.</summary>
    private async Task ImportAsync()
    {
        await Task.Yield();
        for (var i = 0; !_over.IsCancellationRequested; i++)
        {
            var file = Path.Combine(_folder.FullName, $"{i}.csv");
            await File.WriteAllTextAsync(file,
                $"product,license_number,activation_key,seats,company,email,country\n{ApiPortal.Beam},N-{i},,1,Muster Gastro "
                    + $"GmbH,inhaber@muster-gastro.example,DE\n");
            (await RunAsync("import", "licenses", file)).Output.ShouldContain("1 of 1 rows imported");
            await File.WriteAllTextAsync(file,
                $"product,license_number,activation_key,seats,company,email,country\n{ApiPortal.Beam},T-{i},{_licenses[0].Key},1,Muster "
                    + $"Gastro GmbH,inhaber@muster-gastro.example,DE\n");
            (await RunAsync("import", "licenses", file)).Output.ShouldContain("another license already has it");
            _imports++;
        }
    }

    /// <summary>One license is held by somebody, so the command cannot end; meanwhile it is killed as a process of its own.</summary>
    private async Task ReindexAndDieAsync(string before)
    {
        await using var holder = new NpgsqlConnection(_portal.Portal.Database.OwnerConnection + ";Pooling=false");
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM license WHERE id = $1 FOR UPDATE", holder,
            transaction)
        { Parameters = { new() { Value = _licenses[Licenses / 2].Id } } })
        {
            await hold.ExecuteNonQueryAsync();
        }

        using var process = PortalProcess.Start(["keys", "reindex"], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Portal"] = _portal.Portal.Database.PortalConnection,
            ["Database__MigrateOnStart"] = "false",
            ["Secrets__Directory"] = _portal.Portal.SecretsFolder,
        });
        var printed = process.StandardOutput.ReadToEndAsync();
        var waiting = Stopwatch.StartNew();
        await using var db = _portal.Portal.Open();
        while (await db.Licenses.CountAsync(l => l.Key.PepperId != before) is var done
            && done < (Effort.IsLong ? Licenses / 2 : Licenses - 1))
        {
            waiting.Elapsed.ShouldBeLessThan(Effort.IsLong ? WaitLimits.LongWait : WaitLimits.Wait, $"{done} are done");
            process.HasExited.ShouldBeFalse();
            await Task.Delay(50);
        }

        process.Kill();
        await process.WaitForExitAsync();
        (await printed).ShouldContain("makes all new hashes from now on");
        (await db.Licenses.CountAsync(l => l.Key.PepperId == before)).ShouldBeGreaterThan(0);
    }

    private Task<(int Exit, string Output)> RunAsync(params string[] line) => _portal.Portal.RunAsync(line);

    private static Caller Anybody() => new(new IPAddress(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4)));
}
