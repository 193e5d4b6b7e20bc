using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Tests.Support;

internal static class HardwareTexts
{
    /// <summary>What is said of a hardware code with these parts only.</summary>
    public static string FewParts(this PortalFactory portal, string language, params IReadOnlyList<string> kinds)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return portal.Services.GetRequiredService<IStringLocalizer<HardwareWords>>().FewParts(kinds);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
