using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// Another pepper while the portal runs, in three steps that each wait for every running portal: publish (all look up with both), re-index
/// (the new one writes, every key is hashed anew), remove (docs/security/keys.md).
/// </summary>
internal static class PepperCommands
{
    public const string RemoveArguments = "KID [--with-recovery-codes]";

    /// <summary>Some rounds of <see cref="PepperWatch"/>; a portal that has not followed by then does not.</summary>
    private static readonly TimeSpan Timeout = PepperWatch.Every * 15;

    public static async Task<int> RotateAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var peppers = services.GetRequiredService<Peppers>();
        if (!peppers.Publish())
        {
            return await RefuseAsync(
                output, $"There are two peppers already: {List(peppers)}. Finish with \"keys reindex\" and \"keys remove-pepper\" first.");
        }

        await output.WriteLineAsync(
            $"{peppers.Next!.Kid} is published: running portals look up with it within seconds, and none writes with it yet. "
            + "Back the secrets folder up now, then go on with \"keys reindex\".");
        return ExitCode.Done;
    }

    public static async Task<int> ReindexAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var peppers = services.GetRequiredService<Peppers>();
        if (peppers.Next is { } next)
        {
            // A portal that does not know the new pepper would not find what the others write with it.
            if (!await AllFollowAsync(services, output, cancellation))
            {
                return ExitCode.Refused;
            }

            peppers.Promote();
            await output.WriteLineAsync($"{next.Kid} makes all new hashes from now on.");
        }

        // A portal that still writes with the old one would leave keys behind.
        if (!await AllFollowAsync(services, output, cancellation))
        {
            return ExitCode.Refused;
        }

        var result = await services.GetRequiredService<ReindexKeys>().RunAsync(
            p => output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{p.Done} of {p.Total} licenses are found by {peppers.CurrentKid}.")),
                cancellation);
        foreach (var (number, reason) in result.Unfinished)
        {
            await output.WriteLineAsync($"{number} stays with the pepper before: {reason}.");
        }

        if (result.Unfinished.Count > 0)
        {
            return ExitCode.Refused;
        }

        var before = peppers.Kids.Where(k => k != peppers.CurrentKid).ToList();
        await output.WriteLineAsync(
            before.Count == 0 ? "Nothing is left to do." : $"Done. \"keys remove-pepper {before[0]}\" takes the pepper before away.");
        return ExitCode.Done;
    }

    public static async Task<int> RemoveAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args is not ([_] or [_, "--with-recovery-codes"]) || args[0].StartsWith('-'))
        {
            return ExitCode.Usage;
        }

        var (kid, peppers) = (args[0], services.GetRequiredService<Peppers>());
        if (!peppers.Kids.Contains(kid) || kid == peppers.CurrentKid)
        {
            return await RefuseAsync(output, kid == peppers.CurrentKid
                ? $"{kid} is the current pepper."
                : $"There is no pepper {kid}. There are: {List(peppers)}.");
        }

        if (!await AllFollowAsync(services, output, cancellation))
        {
            return ExitCode.Refused;
        }

        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        try
        {
            // Waits for imports that are on their way: what they store becomes visible only at their end.
            await db.Database.ExecuteSqlRawAsync(
                "SET LOCAL lock_timeout = '10s'; LOCK TABLE license, asp_net_user_tokens IN SHARE MODE", cancellation);
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return await RefuseAsync(output, "Somebody is storing licenses. Try again when the import has ended; nothing was changed.");
        }

        var licenses = await db.Licenses.CountAsync(l => l.Key.PepperId == kid, cancellation);
        var codes = db.UserTokens.Where(
            t => t.LoginProvider == PortalUserStore.Provider && t.Name == PortalUserStore.RecoveryCodes && t.Value!.Contains(kid + ":"));
        var accounts = await codes.CountAsync(cancellation);
        if (licenses > 0 || (accounts > 0 && args.Length == 1))
        {
            return await RefuseAsync(output, new StringBuilder()
                .Append(CultureInfo.InvariantCulture, $"{kid} is in use and stays: {licenses} licenses are found by it")
                .Append(licenses > 0 ? " (run \"keys reindex\")" : "")
                .Append(CultureInfo.InvariantCulture, $", and recovery codes of {accounts} accounts were made with it")
                .Append(accounts > 0 ? " (they cannot be made anew for people; --with-recovery-codes makes them void)" : "")
                .Append('.').ToString());
        }

        // All codes of an account are made at once, with one pepper.
        await codes.ExecuteDeleteAsync(cancellation);
        peppers.Remove(kid);
        await transaction.CommitAsync(cancellation);
        await output.WriteLineAsync($"{kid} is gone"
            + (accounts > 0
                ? string.Create(CultureInfo.InvariantCulture, $", and so are the recovery codes of {accounts} accounts.")
                : "."));
        return ExitCode.Done;
    }

    private static async Task<bool> AllFollowAsync(IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var (peppers, database, time) =
            (services.GetRequiredService<Peppers>(), services.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System);
        var begun = time.GetTimestamp();
        var told = false;
        while (await PepperWatch.OthersAsync(peppers, database, cancellation) is > 0 and var others)
        {
            if (time.GetElapsedTime(begun) > Timeout)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{others} running portals or imports do not know the peppers of {Peppers.FileName}, so keys could not be found there. "
                    + $"See their logs (does each of them use this secrets folder, and may it read the file?), or restart them; then run "
                        + $"this again."));
                return false;
            }

            if (!told)
            {
                await output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"Waiting for {others} running portals or imports to know the peppers …"));
                told = true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }

        return true;
    }

    private static string List(Peppers peppers) =>
        string.Join(
            ", ", peppers.All.Select(p => p.Kid + (p == peppers.Current ? " (current)" : p == peppers.Next ? " (next)" : " (before)")));

    private static async Task<int> RefuseAsync(TextWriter output, string sentence)
    {
        await output.WriteLineAsync(sentence);
        return ExitCode.Refused;
    }
}
