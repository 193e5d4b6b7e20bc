using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Shared.Access;

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

        var name = options.GetValueOrDefault("--name", email[..Math.Max(email.IndexOf('@', StringComparison.Ordinal), 0)]);
        var users = services.GetRequiredService<UserManager<PortalUser>>();
        var judged = new PortalUser { Email = email };
        if (password is not null && await users.PasswordProblemsAsync(judged, password) is [var problem, ..])
        {
            return await RefuseAsync(output, Sentence(problem));
        }

        var wanted = new NewStaffAccount(
            email, name, role, password is null ? null : users.PasswordHasher.HashPassword(judged, password));
        return await RunAsync(services, output, email, async db =>
        {
            var made = await services.GetRequiredService<StaffAccounts>()
                .CreateAsync(db, wanted, AuditLog.CommandLine, Now(services), cancellation);
            if (made.User is { } user && password is not null)
            {
                // Whoever has the link finds the password set, and only the app is left to do.
                await users.ResetAuthenticatorKeyAsync(user);
            }

            return (made.Refused, LinkLines(made));
        }, cancellation);
    }

    public static async Task<int> ResetAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation) =>
        CommandOptions.TryRead(args, ["--email"], out var options) && options.TryGetValue("--email", out var email)
            ? await RunAsync(services, output, email, async (db, person) =>
            {
                var reset = await services.GetRequiredService<StaffAccounts>()
                    .ResetAsync(db, person, AuditLog.CommandLine, why: null, Now(services), cancellation);
                return (reset.Refused, LinkLines(reset));
            }, cancellation)
            : ExitCode.Usage;

    /// <summary>Another role instead of the present one; every sign-in of the account ends.</summary>
    public static async Task<int> RoleAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation) =>
        CommandOptions.TryRead(args, ["--email", "--role"], out var options) && options.TryGetValue("--email", out var email)
            && options.TryGetValue("--role", out var asked) && RoleOf(asked) is { } role
            ? await RunAsync(services, output, email, async (db, person) =>
                (await StaffAccounts.ChangeRoleAsync(db, person, role, AuditLog.CommandLine, Now(services), cancellation),
                    [$"{email} has the role {role} now; every sign-in of the account has ended."]), cancellation)
            : ExitCode.Usage;

    public static async Task<int> ListAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
        foreach (var person in await StaffPeople.ListAsync(db, Now(services), cancellation))
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
        IServiceProvider services, string[] args, bool disabled, TextWriter output, CancellationToken cancellation) =>
        CommandOptions.TryRead(args, ["--email"], out var options) && options.TryGetValue("--email", out var email)
            ? await RunAsync(services, output, email, async (db, person) =>
                (await StaffAccounts.SetDisabledAsync(db, person, disabled, AuditLog.CommandLine, Now(services), cancellation),
                    [disabled ? "Disabled; every sign-in of the account has ended." : "Enabled."]), cancellation)
            : ExitCode.Usage;

    /// <summary>An act on the account with the address, if there is one.</summary>
    private static async Task<int> RunAsync(
        IServiceProvider services, TextWriter output, string email,
        Func<PortalDbContext, Guid, Task<(StaffAccountRefusal? Refused, string[] Lines)>> act, CancellationToken cancellation) =>
        await services.GetRequiredService<PortalDbContext>().FindUserAsync(email, cancellation) is { } user
            ? await RunAsync(services, output, email, db => act(db, user.Id), cancellation)
            : await RefuseAsync(output, $"There is no account with the address {email}.");

    /// <summary>In one transaction of the context that Identity uses too; what is refused leaves nothing behind.</summary>
    /// <param name="act">Its lines are for when it was not refused.</param>
    private static async Task<int> RunAsync(
        IServiceProvider services, TextWriter output, string email,
        Func<PortalDbContext, Task<(StaffAccountRefusal? Refused, string[] Lines)>> act, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<PortalDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var (refused, lines) = await act(db);
        if (refused is { } refusal)
        {
            return await RefuseAsync(output, Sentence(refusal, email));
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        foreach (var line in lines)
        {
            await output.WriteLineAsync(line);
        }

        return ExitCode.Done;
    }

    private static string[] LinkLines(StaffAccountResult result) =>
        result.Link is { } link ? ["Open this link within 24 hours; it works once:", link.Address] : [];

    private static string Sentence(StaffAccountRefusal refusal, string email) => refusal switch
    {
        StaffAccountRefusal.Address => $"'{email}' is not an e-mail address.",
        StaffAccountRefusal.Name =>
            string.Create(CultureInfo.InvariantCulture, $"The name has 1 to {StaffAccounts.LongestName} characters."),
        StaffAccountRefusal.Role => "There is no such role.",
        StaffAccountRefusal.AddressTaken =>
            $"There is an account with the address {email} already; 'admin reset' gives it a new link.",
        StaffAccountRefusal.NotStaff => $"{email} is no account of staff; 'admin create' makes one.",
        StaffAccountRefusal.OwnAccount => $"{email} is the account that acts.",
        StaffAccountRefusal.LastAdministrator => $"{email} is the only active administrator.",
        StaffAccountRefusal.NeedsNoLink => $"{email} needs no link.",
    };

    private static string Sentence(string passwordProblem) => passwordProblem switch
    {
        PasswordRules.TooShort =>
            string.Create(CultureInfo.InvariantCulture, $"The password needs at least {PasswordRules.Shortest} characters."),
        PasswordRules.TooLong =>
            string.Create(CultureInfo.InvariantCulture, $"The password can have {PasswordRules.Longest} characters at most."),
        PasswordRules.TooCommon => "The password is a common one.",
        PasswordRules.HasOurWords => "The password contains the address, the portal's name or a product's name.",
        var other => $"The password is refused: {other}.",
    };

    private static async Task<int> RefuseAsync(TextWriter output, string sentence)
    {
        await output.WriteLineAsync(sentence);
        return ExitCode.Refused;
    }

    private static string? RoleOf(string typed) => Array.Find(StaffRoles.All, r => r.Equals(typed, StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset Now(IServiceProvider services) => services.GetRequiredService<TimeProvider>().GetUtcNow();
}
