using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Bench;

/// <summary>
/// What a browser loads on the first visit of a page: the HTML and everything it names that is style or script, in bytes as they are sent.
/// Public pages have a limit, since they are opened by phones on bad lines; the staff area has none.
/// </summary>
internal static partial class PageWeight
{
    private const int Allowed = 60 * 1024;

    public static async Task<int> RunAsync()
    {
        await using var bench = await BenchPortal.CreateAsync();
        string link, cookie;
        await using (var app = bench.Services())
        {
            link = await SeedAsync(app.Services);
            cookie = await SignInAsync(app.Services, app.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        }

        var portal = (await bench.ServePortalAsync()).Url;
        Console.WriteLine("| page | HTML | style | script | other | together | allowed |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var fits = true;
        foreach (var (name, path) in new[] { ("/", "/"), ("/D/{token}", link) })
        {
            fits &= await WeighAsync(portal, name, path, cookie: null) <= Allowed;
        }

        await WeighAsync(portal, "/staff", "/staff", cookie);
        return fits ? 0 : 1;
    }

    /// <summary>The demo data.</summary>
    /// <returns>The page behind the QR code of one of its computers.</returns>
    internal static async Task<string> SeedAsync(IServiceProvider services)
    {
        await services.GetRequiredService<SeedDemo>().ExecuteAsync(
            services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var activation = await db.Activations.FirstAsync();
        var secret = services.GetRequiredService<ActivationSecretsFactory>().Open(activation);
        return "/D/" + ReleaseLink.Token(secret, activation.Handle, activation.Generation);
    }

    /// <summary>The cookie of a clerk who signed in a moment ago, as the portal itself would write it.</summary>
    internal static async Task<string> SignInAsync(IServiceProvider services, DateTimeOffset now)
    {
        await using var scope = services.CreateAsyncScope();
        var clerk = new NewStaffAccount("clerk@example.org", "Clerk", StaffRoles.Support);
        var db = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            var created = await services.GetRequiredService<StaffAccounts>()
                .CreateAsync(db, clerk, AuditLog.CommandLine, now, CancellationToken.None);
            if (created.Refused is { } refused)
            {
                throw new InvalidOperationException($"The account of a clerk was refused: {refused}");
            }

            await transaction.CommitAsync();
        }

        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>().FindByEmailAsync(clerk.Email))!;
        var session = await services.GetRequiredService<UserSessions>().BeginAsync(user.Id, SignInStrength.Totp, now);
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<PortalUser>>().CreateAsync(user);
        ((ClaimsIdentity)principal.Identity!).AddClaims(SignInClaims.Create(SignInStrength.Totp, now, session));
        var scheme = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now + TimeSpan.FromMinutes(30) };
        var ticket = new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme);
        return $"{scheme.Cookie.Name}={scheme.TicketDataFormat.Protect(ticket)}";
    }

    private static async Task<int> WeighAsync(Uri portal, string name, string path, string? cookie)
    {
        using var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        using var client = new HttpClient(handler) { BaseAddress = portal };
        client.DefaultRequestHeaders.Host = new Uri(BenchPortal.PublicUrl).Host;
        if (cookie is not null)
        {
            client.DefaultRequestHeaders.Add("Cookie", cookie);
        }

        var html = await client.GetStringAsync(new Uri(path, UriKind.Relative));
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");
        var page = (await client.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
        var (styles, scripts, other) = (0, 0, 0);
        foreach (var asset in Assets().Matches(html).Select(m => m.Groups[1].Value)
            .Where(a => !a.StartsWith("http", StringComparison.Ordinal)).Distinct())
        {
            var bytes = (await client.GetByteArrayAsync(new Uri(new Uri("http://x/"), asset).PathAndQuery)).Length;
            if (bytes == 0)
            {
                throw new InvalidOperationException($"{asset} is empty.");
            }

            var file = asset.Split('?')[0];
            _ = file.EndsWith(".css", StringComparison.Ordinal) ? styles += bytes
                : file.EndsWith(".js", StringComparison.Ordinal) ? scripts += bytes
                : other += bytes;
        }

        var all = page + styles + scripts + other;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {page:N0} | {styles:N0} | {scripts:N0} | {other:N0} | {all:N0} | "
                + $"{(cookie is null ? Allowed.ToString("N0", CultureInfo.InvariantCulture) : "–")} |"));
        return all;
    }

    /// <summary>Everything that the browser fetches by itself: href of link, src of script and img.</summary>
    [GeneratedRegex("""<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>""")]
    private static partial Regex Assets();
}
