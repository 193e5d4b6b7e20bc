using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// The reader's language: what the address says, the cookie of /culture/set, Accept-Language, then the vendor's choice. The address is for
/// the links of mails: it changes the one page that it opens, and nothing is kept.
/// </summary>
internal static class Culture
{
    public const string Path = "/culture/set";

    private const string CookieName = "culture";

    public static void Configure(RequestLocalizationOptions options, PortalCookies cookies, IOptions<VendorOptions> vendor)
    {
        string[] all = [.. Languages.All];
        options.AddSupportedCultures(all).AddSupportedUICultures(all);
        options.RequestCultureProviders =
        [
            new OfferedCultureProvider(
                vendor,
                [
                    new QueryStringRequestCultureProvider { QueryStringKey = Languages.Parameter, UIQueryStringKey = Languages.Parameter },
                    new CookieRequestCultureProvider { CookieName = cookies.Name(CookieName) },
                    new AcceptLanguageHeaderRequestCultureProvider(),
                ]),
        ];
    }

    /// <summary>The browser reads the pages in this language from now on.</summary>
    public static void Remember(HttpContext context, PortalCookies cookies, string language) => context.Response.Cookies.Append(
        cookies.Name(CookieName),
        CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(new CultureInfo(language))),
        new CookieOptions
        {
            Path = "/",
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = cookies.Secure is CookieSecurePolicy.Always,
            MaxAge = TimeSpan.FromDays(365),
        });

    /// <summary>The first wish that the vendor offers. Staff have all languages, whatever their customers are offered.</summary>
    private sealed class OfferedCultureProvider(IOptions<VendorOptions> vendor, IReadOnlyList<IRequestCultureProvider> wishes)
        : IRequestCultureProvider
    {
        public async Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
        {
            var offered = vendor.Value.Offered();
            var possible = StaffArea.Contains(httpContext.Request.Path) || StaffArea.IsCircuit(httpContext.Request.Path)
                ? Languages.All
                : offered;
            var asksForOthers = false;
            foreach (var wish in wishes)
            {
                var wanted = (await wish.DetermineProviderCultureResult(httpContext))?.UICultures ?? [];
                if (wanted.Select(culture => LanguageOf(culture.Value)).FirstOrDefault(possible.Contains) is { } language)
                {
                    return new(language);
                }

                asksForOthers |= wish is AcceptLanguageHeaderRequestCultureProvider && wanted.Any(culture => culture.Value is not "*");
            }

            return new(asksForOthers ? vendor.Value.LanguageOfOthers() : offered[0]);
        }

        // "en-GB" is English.
        private static string LanguageOf(string? culture) => (culture ?? "").Split('-')[0].ToLowerInvariant();
    }
}
