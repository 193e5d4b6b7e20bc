using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>Accounts, the two cookies of a sign-in, and the policy of the staff area (security.md, section 2).</summary>
internal static class AccountSetup
{
    /// <summary>How long the right password waits for the code.</summary>
    private static readonly TimeSpan CodeWait = TimeSpan.FromMinutes(5);

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<AccountOptions>("Accounts").Check((o, _) => o.Validate());
        services.AddHttpContextAccessor();
        // One for the process, since it holds nothing.
        services.TryAddSingleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>();
        services.AddSingleton<ILookupNormalizer, AddressNormalizer>();
        services.AddIdentityCore<PortalUser>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.User.RequireUniqueEmail = true;
                // The address is the name, so its symbols are no concern of this list.
                options.User.AllowedUserNameCharacters = "";
                // All rules of a password stand in PasswordRules.
                options.Password = new PasswordOptions
                {
                    RequiredLength = 1,
                    RequiredUniqueChars = 1,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<PortalDbContext>()
            .AddUserStore<PortalUserStore>()
            .AddUserManager<PortalUserManager>()
            .AddClaimsPrincipalFactory<PortalClaims>()
            .AddPasswordValidator<PasswordRules>()
            .AddSignInManager<PortalSignInManager>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.AddOptions<IdentityPasskeyOptions>().Configure<PublicAddress>(Passkeys.Configure);
        services.AddSingleton<PasswordLimiter>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme)
            // Never given out; the framework's check of the stamp signs out of it by name.
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<PortalCookies, IOptions<AccountOptions>>(SignedIn);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme).Configure<PortalCookies>(AwaitingCode);
        services.AddOptions<SecurityStampValidatorOptions>().Configure<TimeProvider>((options, time) =>
        {
            options.ValidationInterval = AccountOptions.Revalidation;
            options.TimeProvider = time;
            options.OnRefreshingPrincipal = refreshed =>
            {
                SignInClaims.Keep(refreshed.CurrentPrincipal, refreshed.NewPrincipal);
                return Task.CompletedTask;
            };
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(StaffPolicy.Name, policy => policy.RequireAuthenticatedUser().AddRequirements(new StaffRequirement()));
        services.AddSingleton<IAuthorizationHandler, StaffRequirementHandler>();
        services.AddScoped<SignIn>().AddScoped<SignInByPasskey>().AddScoped<Passkeys>().AddScoped<SecondFactor>().AddScoped<StepUp>();
        services.AddScoped<SetUpAccount>().AddScoped<SetUpByPasskey>();
        services.AddScoped<OwnAccount>().AddScoped<PasskeyManagement>().AddScoped<AuthenticatorApp>().AddSingleton<AuthenticatorSetups>();
        services.AddSingleton<WriteAddressChange>().AddSingleton(WriteAddressChange.Kind).AddScoped<ChangeAddress>()
            .AddScoped<ConfirmAddress>();
        services.AddSingleton<WriteSignInLocked>().AddSingleton(WriteSignInLocked.Everywhere).AddSingleton(WriteSignInLocked.Here);
        services.AddSingleton<WriteReset>().AddSingleton(WriteReset.Kind).AddScoped<ResetPassword>();
        services.AddSingleton<CustomerGate>();
        services.AddSingleton<UserSessions>();
        services.AddSingleton(new DailyJob(
            "forget-sessions", new TimeOnly(3, 30), (sp, now, cancellation) =>
                sp.GetRequiredService<UserSessions>().PurgeAsync(now, cancellation)));
        services.AddSingleton<AccountMails>().AddScoped<KnownDevice>().AddScoped<SignInNotifier>().AddScoped<PasswordProof>();
    }

    public static void MapAccounts(this WebApplication app)
    {
        app.MapChooseLanguage();
        app.MapPasskeys();
    }

    private static void SignedIn(CookieAuthenticationOptions options, PortalCookies cookies, IOptions<AccountOptions> accounts)
    {
        cookies.Apply(options.Cookie, PortalCookies.Account);
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.SlidingExpiration = true;
        options.LoginPath = SiteLinks.SignIn;
        options.ReturnUrlParameter = "return";
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = async context =>
        {
            if (UnreadableRequest.IsBeingAnswered(context.HttpContext))
            {
                // An error page says only what the cookie says, and must not need the database, whose absence may be the error.
                context.ShouldRenew = false;
                return;
            }

            var services = context.HttpContext.RequestServices;
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (context.Principal is not { } principal
                || !(now - SignInClaims.AuthTimeOf(principal) < accounts.Value.TimesOf(principal).Absolute)
                || !await services.GetRequiredService<UserSessions>().SeeAsync(principal, now, context.HttpContext.RequestAborted))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
                return;
            }

            await SecurityStampValidator.ValidatePrincipalAsync(context);
        };
    }

    private static void AwaitingCode(CookieAuthenticationOptions options, PortalCookies cookies)
    {
        cookies.Apply(options.Cookie, "code");
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.ExpireTimeSpan = CodeWait;
        options.SlidingExpiration = false;
    }
}
