using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Hosting.Backups;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Hosting;

/// <summary>All commands, and how a line finds its command. Without a command the program serves the web.</summary>
internal static class Commands
{
    private const string Version = "--version";

    public static readonly Command[] All =
    [
        new("migrate", "", "bring the database's schema up to date", MigrateCommand.RunAsync, NeedsSchema: false),
        new("seed", "--demo | --show-keys", "fill an empty database with demo data; print the demo's keys again", SeedDemoCommand.RunAsync),
        new("import settings", "FILE.json", "add products or change them, with their policies and prices", SettingsCommands.ImportAsync),
        new("export settings", "FILE.json", "write all products with their prices as a file for import settings",
            SettingsCommands.ExportAsync, NeedsSecrets: false),
        new("import products", "FILE.json", "the older name of import settings", SettingsCommands.ImportAsync),
        new("export products", "FILE.json", "the older name of export settings", SettingsCommands.ExportAsync,
            NeedsSecrets: false),
        new("import licenses", ImportCommands.Arguments, "add licenses and their customers, or change them, from a CSV or Excel file",
            ImportCommands.LicensesAsync),
        new("export licenses", "FILE.csv", "write all licenses with keys and customers as a file for import licenses",
            ImportCommands.ExportAsync),
        new("export invoices", ExportInvoicesCommand.Arguments, "write stored invoices, a list and a booking list as a ZIP file",
            ExportInvoicesCommand.RunAsync),
        new("export customer", ExportCustomerCommand.Arguments, "write everything about a customer as a ZIP file",
            ExportCustomerCommand.RunAsync),
        new("verify history", VerifyHistoryCommand.Arguments, "check that no event was changed, removed or put in; names what differs",
            VerifyHistoryCommand.RunAsync, NeedsSecrets: false),
        new("check data", "", "look whether the stored data is whole; name what is not and repair nothing", CheckDataCommand.RunAsync,
            NeedsSecrets: false),
        new("keys create", "", "first installation: make pepper, certificate and signing keys", KeysCommand.CreateAsync,
            NeedsSchema: false),
        new("keys list", "", "name every key with state and age", ListKeysCommand.RunAsync, NeedsSecrets: false),
        new("keys rotate", "[--now]", "let the next signing keys sign and publish new next ones", KeysCommand.RotateAsync,
            NeedsSchema: false),
        new("keys revoke", "KID", "withdraw a stolen signing key and all it signed", KeysCommand.RevokeAsync, NeedsSchema: false),
        new("keys revoke-protection", "", "sign everybody out; nothing stored is lost", KeysCommand.RevokeProtectionAsync),
        new("keys rotate-pepper", "", "publish another pepper; the next step is keys reindex", PepperCommands.RotateAsync),
        new("keys reindex", "", "hash every key with the new pepper while the portal runs; goes on where it was stopped",
            PepperCommands.ReindexAsync, NeedsSecrets: false),
        new("keys remove-pepper", PepperCommands.RemoveArguments, "take an earlier pepper away that nothing uses any more",
            PepperCommands.RemoveAsync, NeedsSecrets: false),
        new("keys rotate-certificate", "", "make another Data Protection certificate; the one before still opens",
            CertificateCommands.RotateAsync),
        new("keys remove-certificate", "FILE", "encrypt the ring with the current certificate and take an earlier one away",
            CertificateCommands.RemoveAsync, NeedsSecrets: false),
        new("keys remove-unreadable", "", "take keys of the ring away that were made with the secrets folder of another database",
            CertificateCommands.RemoveUnreadableAsync, NeedsSecrets: false),
        new("mails resume", "", "send what waits at once, where the mail server had refused the portal and is right again",
            ResumeMailsCommand.RunAsync, NeedsSecrets: false),
        CheckConfigCommand.Entry,
        new("check restore", "", "after a restore: whether database and secrets folder belong together", CheckRestoreCommand.RunAsync,
            NeedsSecrets: false),
        new("backup", BackupCommand.Arguments, "save database, secrets folder and configuration; secrets encrypted", BackupCommand.RunAsync,
            NeedsSchema: false),
        // The others are built anew, with the secrets that it brought.
        new("restore", RestoreCommand.Arguments, "bring a backup onto an empty server, then migrate and check restore",
            RestoreCommand.RunAsync, NeedsSchema: false, Then: ["migrate", "check restore"]),
        new("verify backup", VerifyBackupCommand.Arguments, "restore a backup into a database that is dropped again, and check its data",
            VerifyBackupCommand.RunAsync, NeedsSchema: false),
        new("admin create", AdminCommand.CreateArguments, "make a staff account and print its one-time link", AdminCommand.CreateAsync),
        new("admin reset", AdminCommand.EmailArguments, "take password and second factor from a staff account and print a new link",
            AdminCommand.ResetAsync),
        new("admin role", AdminCommand.RoleArguments, "give a staff account another role", AdminCommand.RoleAsync),
        new("admin list", "", "name all staff accounts and their roles", AdminCommand.ListAsync, NeedsSecrets: false),
        new("admin disable", AdminCommand.EmailArguments, "end every sign-in of a staff account and refuse new ones",
            AdminCommand.DisableAsync),
        new("admin enable", AdminCommand.EmailArguments, "let a disabled staff account sign in again", AdminCommand.EnableAsync),
    ];

    /// <summary>
    /// Whether the line is for a command (also a wrong one) instead of the web server, whose arguments all begin with a dash.
    /// </summary>
    public static bool IsCommand(string[] args) => args.Length > 0 && (!args[0].StartsWith('-') || args[0] is "-h" or "--help" or Version);

    public static Command? Find(string[] args) =>
        Array.Find(All, c => c.Verb.Split(' ') is var words && args.Length >= words.Length
            && args.AsSpan(0, words.Length).SequenceEqual(words));

    public static async Task<int> RunAsync(string[] args, Func<WebApplication> build, TextWriter output, CancellationToken cancellation)
    {
        if (args is [Version])
        {
            await output.WriteLineAsync($"SelfHelpPortal {ProgramVersion.Text} on .NET {Environment.Version}");
            return ExitCode.Done;
        }

        if (Find(args) is not { } command)
        {
            var asked = args[0] is "-h" or "--help" or "help";
            await WriteUsageAsync(asked ? null : string.Join(' ', args.TakeWhile(a => !a.StartsWith('-')).Take(2)), output);
            return asked ? ExitCode.Done : ExitCode.Usage;
        }

        await using var app = build();
        // Only the one that looks for them goes on in spite of them.
        if (command != CheckConfigCommand.Entry
            && app.Services.GetRequiredService<ConfigurationMistakes>().OfShape.ToList() is { Count: > 0 } mistakes)
        {
            throw new OptionsValidationException("", typeof(ConfigurationMistakes), mistakes);
        }

        Task<string?> ObstacleAsync(CancellationToken cancelled) =>
            command.NeedsSecrets ? SecretsFit.ComplaintAsync(app.Services, cancelled) : Task.FromResult<string?>(null);
        if (command.NeedsSchema
            && await app.Services.GetRequiredService<PortalDatabase>().PrepareAsync(ObstacleAsync, cancellation) is { } refusal)
        {
            await output.WriteLineAsync(refusal);
            return ExitCode.Refused;
        }

        if (command.NeedsSchema)
        {
            // As the portal does when it starts: mails and invoices of a command are in the vendor's name too.
            await app.Services.GetRequiredService<CurrentVendor>()
                .ReadAsync(app.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(), cancellation);
        }

        await using var scope = app.Services.CreateAsyncScope();
        var code = await command.RunAsync(scope.ServiceProvider, args[command.Verb.Split(' ').Length..], output, cancellation);
        foreach (var line in command.Then ?? [])
        {
            code = code == ExitCode.Done ? await RunAsync(line.Split(' '), build, output, cancellation) : code;
        }

        if (code == ExitCode.Usage)
        {
            await output.WriteLineAsync($"Usage: {command.Verb} {command.Arguments}".TrimEnd());
        }

        return code;
    }

    private static async Task WriteUsageAsync(string? unknown, TextWriter output)
    {
        if (unknown is not null)
        {
            await output.WriteLineAsync($"There is no command '{unknown}'.");
        }

        await output.WriteLineAsync("Without a command the portal serves the web (--urls http://127.0.0.1:5080). --version says "
            + "which portal it is.");
        await output.WriteLineAsync(
            $"Every line may have --config DIR: the folder of appsettings.Production.json instead of "
                + $"{ConfigurationFiles.SystemFolder} and the program's.");
        await output.WriteLineAsync("Commands:");
        var width = All.Max(c => c.Verb.Length + c.Arguments.Length) + 1;
        foreach (var command in All)
        {
            await output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture,
                    $"  {$"{command.Verb} {command.Arguments}".PadRight(width)}  {command.Summary}"));
        }
    }
}
