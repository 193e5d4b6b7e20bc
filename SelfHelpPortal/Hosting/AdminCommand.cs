using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// Staff accounts from the operator's side: the first one is made here, and whoever is locked out for good is helped here.
/// </summary>
internal static class AdminCommand
{
    public const string CreateArguments =
        "--email ADDRESS [--name NAME] [--role administrator|billing|support] [--password-from-env VARIABLE]";
    public const string EmailArguments = "--email ADDRESS";
    public const string RoleArguments = "--email ADDRESS --role administrator|billing|support";

    public static async Task<int> CreateAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (!CommandOptions.TryRead(args, ["--email", "--name", "--role", "--password-from-env"], out var options)
            || !options.TryGetValue("--email", out var email))
        {
            return ExitCode.Usage;
        }

        if (MailAddresses.Normalize(email) is not { } address)
        {
            return await RefuseAsync(output, $"'{email}' is not an e-mail address.");
        }

        if (RoleOf(options.GetValueOrDefault("--role", StaffRoles.Administrator)) is not { } role)
        {
            return ExitCode.Usage;
        }

        string? password = null;
        if (options.TryGetValue("--password-from-env", out var variable)
            && string.IsNullOrEmpty(password = Environment.GetEnvironmentVariable(variable)))
        {
            return await RefuseAsync(output, $"The environment variable {variable} is empty.");
        }

        var name = options.GetValueOrDefault("--name", address[..address.IndexOf('@', StringComparison.Ordinal)]);
        var result = await services.GetRequiredService<StaffAccounts>()
            .CreateAsync(new(address, name, role, password), Now(services), cancellation);
        return await NotifyLinkAsync(output, result);
    }

    public static async Task<int> ResetAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation) =>
        CommandOptions.TryRead(args, ["--email"], out var options) && options.TryGetValue("--email", out var email)
            ? await NotifyLinkAsync(
                output, await services.GetRequiredService<StaffAccounts>().ResetAsync(email, Now(services), cancellation))
            : ExitCode.Usage;

    /// <summary>Another role instead of the present one; every sign-in of the account ends.</summary>
    public static async Task<int> RoleAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (!CommandOptions.TryRead(args, ["--email", "--role"], out var options) || !options.TryGetValue("--email", out var email)
            || !options.TryGetValue("--role", out var asked) || RoleOf(asked) is not { } role)
        {
            return ExitCode.Usage;
        }

        var result = await services.GetRequiredService<StaffAccounts>().ChangeRoleAsync(email, role, Now(services), cancellation);
        if (result.Refusal is { } sentence)
        {
            return await RefuseAsync(output, sentence);
        }

        await output.WriteLineAsync($"{email} has the role {role} now; every sign-in of the account has ended.");
        return ExitCode.Done;
    }

    public static async Task<int> ListAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
        foreach (var person in await SearchAudit.StaffAsync(db, Now(services), cancellation))
        {
            await output.WriteLineAsync(
                $"{person.Email}  {string.Join(", ", person.Roles)}{(person.HasSecondFactor ? "" : "  (no second factor "
                    + $"yet)")}{(person.IsDisabled ? "  (disabled)" : "")}");
        }

        return ExitCode.Done;
    }

    public static Task<int> DisableAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation) =>
        SetDisabledAsync(services, args, disabled: true, output, cancellation);

    public static Task<int> EnableAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation) =>
        SetDisabledAsync(services, args, disabled: false, output, cancellation);

    private static async Task<int> SetDisabledAsync(
        IServiceProvider services, string[] args, bool disabled, TextWriter output, CancellationToken cancellation)
    {
        if (!CommandOptions.TryRead(args, ["--email"], out var options) || !options.TryGetValue("--email", out var email))
        {
            return ExitCode.Usage;
        }

        var result = await services.GetRequiredService<StaffAccounts>().SetDisabledAsync(email, disabled, Now(services), cancellation);
        if (result.Refusal is { } sentence)
        {
            return await RefuseAsync(output, sentence);
        }

        await output.WriteLineAsync(disabled ? "Disabled; every sign-in of the account has ended." : "Enabled.");
        return ExitCode.Done;
    }

    private static async Task<int> NotifyLinkAsync(TextWriter output, StaffAccountResult result)
    {
        if (result.Link is not { } link)
        {
            return await RefuseAsync(output, result.Refusal!);
        }

        await output.WriteLineAsync("Open this link within 24 hours; it works once:");
        await output.WriteLineAsync(link);
        return ExitCode.Done;
    }

    private static async Task<int> RefuseAsync(TextWriter output, string sentence)
    {
        await output.WriteLineAsync(sentence);
        return ExitCode.Refused;
    }

    private static string? RoleOf(string typed) => Array.Find(StaffRoles.All, r => r.Equals(typed, StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset Now(IServiceProvider services) => services.GetRequiredService<TimeProvider>().GetUtcNow();
}
