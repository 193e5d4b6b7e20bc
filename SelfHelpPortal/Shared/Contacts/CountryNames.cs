using System.Globalization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Contacts;

/// <summary>Countries in the words of the reader, the neighbors that most customers come from first.</summary>
internal static class CountryNames
{
    private static readonly string[] First = ["DE", "AT", "CH"];

    public static IReadOnlyList<Choice> Choices() =>
    [
        .. First.Select(code => new Choice(code, Get(code))),
        .. Countries.All.Except(First).Select(code => new Choice(code, Get(code)))
        .OrderBy(c => c.Text, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true)),
    ];

    /// <summary>The code itself, where the machine's language data have no name.</summary>
    public static string Get(string code)
    {
        try
        {
            return new RegionInfo($"{Languages.Current}-{code}").DisplayName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
