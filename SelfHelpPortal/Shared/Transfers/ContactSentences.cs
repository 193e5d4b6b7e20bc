using System.Globalization;
using System.Resources;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>What is wrong with a contact in whole sentences, for staff and their mails.</summary>
internal static class ContactSentences
{
    private static readonly ResourceManager Words = new(typeof(TransferWords));

    public static BrokenRule Of(ContactProblem problem) => new(problem.Field, In("de", problem), In("en", problem));

    private static string In(string language, ContactProblem problem)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var value = problem.Word == "VatIdForm" ? CountryNames.Get(problem.Value!) : problem.Value;
        return string.Format(culture, Words.GetString(problem.Word, culture) ?? problem.Word, value);
    }
}
