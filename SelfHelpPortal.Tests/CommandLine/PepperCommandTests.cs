using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>T25, pepper: what must not be lost on the way, one thing at a time.</summary>
public sealed class PepperCommandTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();

    private Peppers Peppers => _portal.Services.GetRequiredService<Peppers>();

    public Task InitializeAsync() => _portal.BuildAsync();

    public Task DisposeAsync() => _portal.DisposeAsync().AsTask();

    [Fact]
    public async Task Nothing_is_written_with_a_pepper_that_a_running_portal_does_not_know()
    {
        var license = await _portal.AddLicenseAsync();
        var before = Peppers.CurrentKid;
        (await _portal.RunAsync("keys", "rotate-pepper")).Exit.ShouldBe(ExitCode.Done);

        // A portal that has not noticed.
        await using var other = await HoldAsync(state: 1);
        var reindex = _portal.RunAsync("keys", "reindex");
        await Task.Delay(TimeSpan.FromSeconds(5));
        reindex.IsCompleted.ShouldBeFalse();
        Peppers.Reload();
        Peppers.CurrentKid.ShouldBe(before);
        Peppers.Next.ShouldNotBeNull();

        await other.DisposeAsync();
        (await reindex).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Done), r => r.Output.ShouldStartWith("Waiting for 1 running portals"));
        Peppers.Reload();
        Peppers.CurrentKid.ShouldNotBe(before);
        await using var db = _portal.Open();
        (await db.Licenses.Where(l => l.Id == license.Id).Select(l => l.Key.PepperId).SingleAsync()).ShouldBe(Peppers.CurrentKid);
    }

    [Fact]
    public async Task An_import_that_began_before_is_waited_for()
    {
        await using var db = _portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await PepperWatch.HoldAsync(Peppers, db, default);
        (await _portal.RunAsync("keys", "rotate-pepper")).Exit.ShouldBe(ExitCode.Done);

        var reindex = _portal.RunAsync("keys", "reindex");
        await Task.Delay(TimeSpan.FromSeconds(1));
        reindex.IsCompleted.ShouldBeFalse();
        await transaction.RollbackAsync();

        (await reindex).Exit.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task A_key_that_does_not_open_or_is_another_is_named_and_keeps_its_pepper()
    {
        var (good, bad, other) = (await _portal.AddLicenseAsync(), await _portal.AddLicenseAsync(), await _portal.AddLicenseAsync());
        var before = Peppers.CurrentKid;
        await using var db = _portal.Open();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE license SET key_sealed = (SELECT key_sealed FROM license WHERE id = {good.Id}) WHERE id = {bad.Id}");
        var another = _portal.Services.GetRequiredService<StoredSecrets>()
            .SealText(ActivationKey.New().ToString(), LicenseFactory.KeyRecordKind, other.Id);
        await db.Database.ExecuteSqlAsync($"UPDATE license SET key_sealed = {another} WHERE id = {other.Id}");
        await _portal.RunAsync("keys", "rotate-pepper");

        var (exit, output) = await _portal.RunAsync("keys", "reindex");

        exit.ShouldBe(ExitCode.Refused);
        foreach (var stays in new[] { bad, other })
        {
            output.ShouldContain($"{stays.Number} stays with the pepper before");
            (await db.Licenses.Where(l => l.Id == stays.Id).Select(l => l.Key.PepperId).SingleAsync()).ShouldBe(before);
        }

        (await db.Licenses.Where(l => l.Id == good.Id).Select(l => l.Key.PepperId).SingleAsync()).ShouldNotBe(before);
        (await _portal.RunAsync("keys", "remove-pepper", before)).Output.ShouldContain("2 licenses are found by it");
    }

    [Fact]
    public async Task Recovery_codes_keep_their_pepper_until_somebody_gives_them_up()
    {
        var before = Peppers.CurrentKid;
        await using var db = _portal.Open();
        var user = new PortalUser { UserName = "a@example.org", Email = "a@example.org", DisplayName = "A" };
        db.Add(user);
        db.Add(new Microsoft.AspNetCore.Identity.IdentityUserToken<Guid>
        {
            UserId = user.Id,
            LoginProvider = PortalUserStore.Provider,
            Name = PortalUserStore.RecoveryCodes,
            Value = before + ":00"
        });
        await db.SaveChangesAsync();
        await _portal.RunAsync("keys", "rotate-pepper");
        (await _portal.RunAsync("keys", "reindex")).Exit.ShouldBe(ExitCode.Done);

        (await _portal.RunAsync("keys", "remove-pepper", before)).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused), r => r.Output.ShouldContain("recovery codes of 1 accounts"));
        (await _portal.RunAsync("keys", "remove-pepper", before, "--with-recovery-codes")).Exit.ShouldBe(ExitCode.Done);

        (await db.UserTokens.CountAsync()).ShouldBe(0);
        (await _portal.RunAsync("keys", "remove-pepper", before)).Output.ShouldContain($"There is no pepper {before}");
        Peppers.Reload();
        (await _portal.RunAsync("keys", "remove-pepper", Peppers.CurrentKid)).Output.ShouldContain("is the current pepper");
    }

    [Fact]
    public async Task A_repeated_command_is_the_same_one_after_a_rotation()
    {
        var key = CommandKey.Form("public", Guid.NewGuid(), "sample");
        (await BeginAsync(key, "asked")).ShouldBe(CommandState.New);
        await _portal.RunAsync("keys", "rotate-pepper");
        await _portal.RunAsync("keys", "reindex");
        Peppers.Reload();

        (await BeginAsync(key, "asked")).ShouldBe(CommandState.Repeated);
        (await BeginAsync(key, "something else")).ShouldBe(CommandState.Mismatch);
    }

    [Fact]
    public async Task A_portal_whose_file_lacks_a_pepper_in_use_does_not_start_and_a_running_one_is_not_ready()
    {
        await _portal.AddLicenseAsync();
        var secrets = SecretsDirectory.Open(_portal.SecretsFolder, mayCreate: false);
        var saved = secrets.Read(Peppers.FileName)!;
        var watch = _portal.Services.GetRequiredService<PepperWatch>();
        await watch.LookAsync(default);
        watch.Failing.ShouldBeFalse();

        secrets.Write(Peppers.FileName, System.Text.Encoding.ASCII.GetBytes(Pepper.New().Write() + "\n"));

        await watch.LookAsync(default);
        watch.Failing.ShouldBeTrue();
        var refused = await PortalProcess.RunAsync(["--urls", "http://127.0.0.1:0"], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Portal"] = _portal.Database.PortalConnection,
            ["Database__MigrateOnStart"] = "false",
            ["Secrets__Directory"] = _portal.SecretsFolder,
        });
        refused.Exit.ShouldBe(ExitCode.Refused);
        refused.Error.ShouldContain(Peppers.FileName);
        refused.Error.ShouldNotContain("   at ");
        secrets.Write(Peppers.FileName, saved);
        await watch.LookAsync(default);
        watch.Failing.ShouldBeFalse();
        await watch.StopAsync(default);
    }

    private async Task<CommandState> BeginAsync(CommandKey key, string request)
    {
        var commands = _portal.Services.GetRequiredService<CommandLog>();
        await using var db = _portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var start = await commands.BeginAsync<string>(db, key, request, CommandLog.FormHonored, _portal.Clock.Now);
        if (start.State == CommandState.New)
        {
            await commands.FinishAsync(db, key, "answer");
            await transaction.CommitAsync();
        }

        return start.State;
    }

    private async Task<NpgsqlConnection> HoldAsync(int state)
    {
        var connection = new NpgsqlConnection(_portal.Database.PortalConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock_shared($1, $2)", connection)
        {
            Parameters =
                { new NpgsqlParameter<int> { TypedValue = PepperWatch.LockClass }, new NpgsqlParameter<int> { TypedValue = state } },
        };
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
