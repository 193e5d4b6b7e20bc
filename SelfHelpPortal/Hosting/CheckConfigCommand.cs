using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Setup;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Bounces;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// <c>check config</c>: reads the configuration and tries everything it names, and goes on after each thing that is wrong. Nothing is
/// changed; a running portal is not disturbed.
/// </summary>
internal static class CheckConfigCommand
{
    public static readonly Command Entry = new(
        "check config", "[--send-to ADDRESS]", "try all that the configuration names: database, rights, mail, secrets, clock, proxy",
            RunAsync,
        NeedsSchema: false);

    /// <summary>Longer than a server that works needs, and short enough to wait for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (!CommandOptions.TryRead(args, ["--send-to"], out var options))
        {
            return ExitCode.Usage;
        }

        var report = new Report(output);
        var wrong = services.GetRequiredService<ConfigurationMistakes>().All(services);
        foreach (var sentence in wrong)
        {
            await report.WrongAsync("Configuration", sentence);
        }

        if (wrong.Count == 0)
        {
            await report.RightAsync("Configuration", "every key is known and every value can be meant.");
        }

        bool IsWrong(string section) => wrong.Any(w => w.StartsWith(section, StringComparison.Ordinal));
        if (IsWrong("ConnectionStrings"))
        {
            await report.SkippedAsync("Database", "not tried, since ConnectionStrings is wrong.");
        }
        else if (await DatabaseAsync(services, report, cancellation) && !IsWrong("Secrets") && !IsWrong("The secrets")
            && !IsWrong("There is no"))
        {
            await SecretsAsync(services, report, cancellation);
        }

        if (IsWrong("Mail"))
        {
            await report.SkippedAsync("Mail", "not tried, since Mail is wrong.");
        }
        else
        {
            await MailAsync(services, options.GetValueOrDefault("--send-to"), report, cancellation);
            await BouncesAsync(services, report, cancellation);
        }

        await ProxyAsync(services, report, cancellation);
        return report.IsRight ? ExitCode.Done : ExitCode.Refused;
    }

    /// <returns>Whether there is a database with this version's schema.</returns>
    private static async Task<bool> DatabaseAsync(IServiceProvider services, Report report, CancellationToken cancellation)
    {
        var database = services.GetRequiredService<PortalDatabase>();
        try
        {
            await using var connection = await OpenAsync(database.ConnectionString, cancellation);
            await report.RightAsync("Database", $"PostgreSQL {connection.PostgreSqlVersion} answers {connection.UserName}.");
            if (connection.PostgreSqlVersion.Major < 15)
            {
                await report.WrongAsync("Database", $"PostgreSQL {connection.PostgreSqlVersion} is too old; 15 or later is needed.");
            }

            if (!IsOnThisMachine(connection.Host) && !await AskAsync<bool>(
                connection, "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)", cancellation))
            {
                await report.SkippedAsync("Database", "the connection is not encrypted; SSL Mode=VerifyFull in "
                    + "ConnectionStrings:Portal demands it.");
            }

            if (await SchemaCheck.LookAsync(connection, cancellation) is { Complaint: { } complaint })
            {
                await report.WrongAsync("Schema", complaint);
                return false;
            }

            await report.RightAsync("Schema", "it is the one of this version.");
            await RightsAsync(connection, report, cancellation);
            await ClockAsync(services, report, cancellation);
            await BrandAsync(services, connection, report, cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or StartRefusedException or TimeoutException)
        {
            await report.WrongAsync("Database", $"ConnectionStrings:Portal: {Words(failure)}");
            return false;
        }

        if (services.GetRequiredService<IOptions<ConnectionOptions>>().Value.Migration is { Length: > 0 })
        {
            try
            {
                await using var owner = await OpenAsync(database.MigrationConnection, cancellation);
                await report.RightAsync("Migration", $"the database answers {owner.UserName}.");
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                await report.WrongAsync("Migration", $"ConnectionStrings:Migration: {Words(failure)}");
            }
        }

        return true;
    }

    /// <summary>The start does not ask the database which products there are.</summary>
    private static async Task BrandAsync(
        IServiceProvider services, NpgsqlConnection connection, Report report, CancellationToken cancellation)
    {
        if (services.GetRequiredService<ConfigurationMistakes>().All(services).Any(w => w.StartsWith("Brand", StringComparison.Ordinal))
            || services.GetRequiredService<BrandFolder>() is not { Products: { Count: > 0 } pictures })
        {
            return;
        }

        var products = await AskAsync<string[]>(connection, "SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM product", cancellation);
        var lost = pictures.Where(p => !products.Contains(p.ProductId)).ToList();
        if (lost.Count == 0)
        {
            await report.RightAsync("Brand", $"{pictures.Count} pictures of products, each of one that there is.");
        }

        foreach (var picture in lost)
        {
            await report.WrongAsync("Brand", $"{picture.File} is of the product '{picture.ProductId}', which there is not; there are: "
                + $"{string.Join(", ", products)}.");
        }
    }

    private static async Task RightsAsync(NpgsqlConnection connection, Report report, CancellationToken cancellation)
    {
        var missing = await AskAsync<string>(
            connection,
            """
            SELECT coalesce(string_agg(relname, ', ' ORDER BY relname), '') FROM (
                SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                    AND NOT has_table_privilege(oid, 'SELECT') LIMIT 5) AS closed
            """,
            cancellation);
        if (missing.Length > 0)
        {
            await report.WrongAsync("Rights", $"the role may not read {missing}; the command migrate gives it its rights.");
        }
        else if (!await AskAsync<bool>(connection, "SELECT has_table_privilege('license', 'INSERT, UPDATE')", cancellation))
        {
            await report.WrongAsync("Rights", "the role may not write; the command migrate gives it its rights.");
        }
        else if (await AskAsync<bool>(connection, "SELECT has_table_privilege('license_event', 'DELETE')", cancellation))
        {
            await report.SkippedAsync("Rights", "the role owns the tables; with a role of its own (ConnectionStrings:Portal "
                + "beside Migration) the portal "
                + "could not change history.");
        }
        else
        {
            await report.RightAsync("Rights", "the role reads and writes, and cannot change history.");
        }
    }

    private static async Task ClockAsync(IServiceProvider services, Report report, CancellationToken cancellation)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
        var ahead = await services.GetRequiredService<NodeClock>().AheadAsync(db, cancellation);
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(ahead.TotalSeconds):0.0} s");
        if (NodeClock.IsWrong(ahead))
        {
            await report.WrongAsync("Clock", $"this machine is {seconds} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the "
                + $"database; set both by NTP.");
        }
        else
        {
            await report.RightAsync("Clock", $"this machine and the database differ by {seconds}.");
        }
    }

    private static async Task SecretsAsync(IServiceProvider services, Report report, CancellationToken cancellation)
    {
        try
        {
            if (await SecretsFit.ComplaintAsync(services, cancellation) is { } complaint)
            {
                await report.WrongAsync("Secrets", complaint);
            }
            else
            {
                await report.RightAsync("Secrets", "the folder is complete, closed to others, and the one of this database.");
            }
        }
        catch (StartRefusedException refusal)
        {
            await report.WrongAsync("Secrets", refusal.Message);
        }
    }

    private static async Task BouncesAsync(IServiceProvider services, Report report, CancellationToken cancellation)
    {
        var bounces = services.GetRequiredService<IOptions<MailOptions>>().Value.Bounces;
        if (bounces.Host.Length == 0)
        {
            return;
        }

        if (!await IsKnownAsync(bounces.Host, cancellation))
        {
            await report.WrongAsync("Bounces", $"Mail:Bounces:Host is '{bounces.Host}', a name that DNS does not know.");
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        if (await services.GetRequiredService<BounceMailbox>().TryAsync(patience.Token) is { } complaint)
        {
            await report.WrongAsync(
                "Bounces", $"{bounces.Host}:{bounces.Port.ToString(CultureInfo.InvariantCulture)}: {complaint}");
            return;
        }

        await report.RightAsync("Bounces", $"{bounces.Host} lets {bounces.User} in, and {bounces.Folder} can be read.");
    }

    private static async Task MailAsync(IServiceProvider services, string? sendTo, Report report, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<IOptions<MailOptions>>();
        var smtp = options.Value.Smtp;
        if (options.Value.Transport == MailTransportKind.Pickup)
        {
            await report.RightAsync("Mail", $"mails are not sent but written to {options.Value.PickupDirectory}, which can be written.");
        }
        else if (!await IsKnownAsync(smtp.Host, cancellation))
        {
            await report.WrongAsync("Mail", $"Mail:Smtp:Host is '{smtp.Host}', a name that DNS does not know.");
            return;
        }
        else
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            await using var transport = new SmtpTransport(options, services.GetRequiredService<MailComposer>());
            if (await transport.TryAsync(patience.Token) is { } reply)
            {
                await report.WrongAsync("Mail", $"{smtp.Host}:{smtp.Port.ToString(CultureInfo.InvariantCulture)}: {reply}");
                return;
            }

            await report.RightAsync(
                "Mail", $"{smtp.Host} answers{(smtp.Security == SmtpSecurity.None ? "" : ", encrypts")}{(smtp.User.Length > 0 ? " and lets "
                    + $"{smtp.User} in" : "")}.");
        }

        if (sendTo is null)
        {
            return;
        }

        if (MailAddresses.Normalize(sendTo) is not { } address)
        {
            await report.WrongAsync("Test mail", $"'{sendTo}' is not an e-mail address.");
            return;
        }

        var culture = services.GetRequiredService<IOptions<VendorOptions>>().Value.Nearest(null);
        var envelope = await SendTestMail.ComposeAsync(
            services.GetRequiredService<MailRenderer>(), options.Value, new(address, null, culture),
            services.GetRequiredService<TimeProvider>().GetUtcNow());
        await using var sender = services.GetRequiredService<Func<IMailTransport>>()();
        var outcome = await sender.SendAsync(envelope, cancellation);
        if (outcome.Result == SendResult.Sent)
        {
            await report.RightAsync("Test mail", $"it is on its way to {address}. {outcome.Reply}".TrimEnd());
        }
        else
        {
            await report.WrongAsync("Test mail", $"it was refused: {outcome.Reply}");
        }
    }

    /// <summary>What only a running portal knows: who sends it requests.</summary>
    private static async Task ProxyAsync(IServiceProvider services, Report report, CancellationToken cancellation)
    {
        var trusted = services.GetRequiredService<IOptions<ProxyOptions>>().Value.KnownNetworks;
        await report.RightAsync("Proxy", trusted.Count == 0 ? "forwarded addresses are taken from nobody (Proxy:KnownNetworks)."
            : $"forwarded addresses are taken from {string.Join(", ", trusted)}.");
        var portal = ListenAddress.OfThisMachine(services.GetRequiredService<IConfiguration>());
        try
        {
            using var client = new HttpClient { Timeout = Patience };
            using var answer = await client.GetAsync(new Uri(portal, HealthSetup.ReadyPath + "?verbose"), cancellation);
            var said = (await answer.Content.ReadAsStringAsync(cancellation)).Split('\n');
            if (said.Contains($"{HealthSetup.ProxyPart}: degraded"))
            {
                await report.WrongAsync("Proxy", $"the portal at {portal.Authority} gets X-Forwarded-For from a proxy that "
                    + $"Proxy:KnownNetworks does not "
                    + "name; its log says from which.");
            }
            else
            {
                await report.RightAsync("Portal", $"at {portal.Authority} it answers: {said[0]}.");
            }
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await report.SkippedAsync("Portal", $"nothing answers at {portal.Authority}, so nobody knows which proxies send "
                + $"requests. Check again once the "
                + "portal runs.");
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = (int)Patience.TotalSeconds,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The questions stand above.
        await using var command = new NpgsqlCommand(question, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<bool> IsKnownAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return IPAddress.TryParse(host, out _) || (await Dns.GetHostAddressesAsync(host, cancellation)).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsOnThisMachine(string? host) => host is null || host.StartsWith('/') || host is "localhost"
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The driver's own words and the reason below them; none has a password in it.</summary>
    private static string Words(Exception failure) => failure.InnerException is { } inner && !failure.Message.Contains(inner.Message,
        StringComparison.Ordinal)
        ? $"{failure.Message}: {inner.Message}" : failure.Message;

    private sealed class Report(TextWriter output)
    {
        public bool IsRight { get; private set; } = true;

        public Task RightAsync(string part, string sentence) => LineAsync("ok", part, sentence);

        /// <summary>Nothing that stands against a start, but to be looked at.</summary>
        public Task SkippedAsync(string part, string sentence) => LineAsync("note", part, sentence);

        public Task WrongAsync(string part, string sentence)
        {
            IsRight = false;
            return LineAsync("WRONG", part, sentence);
        }

        private Task LineAsync(string state, string part, string sentence) => output.WriteLineAsync($"{state,-5}  {part}: {sentence}");
    }
}
