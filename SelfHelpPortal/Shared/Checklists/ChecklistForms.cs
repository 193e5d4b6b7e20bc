using System.Globalization;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Checklists;

/// <summary>How a checklist travels in forms and addresses, and how it reads as sentences.</summary>
internal static class ChecklistForms
{
    public const string Country = "country";
    public const string Backup = "backup";
    public const string Item = "item";
    public const string Listed = "listed";
    public const string Yes = "yes";
    public const string No = "no";

    /// <summary>What the button says that keeps it.</summary>
    public const string Act = "checklist";

    public static ChecklistReply From(IFormCollection form) =>
        new(form[Country], HasBackup(form[Backup]), [.. form[Listed].OfType<string>()], [.. form[Item].OfType<string>()]);

    public static bool? HasBackup(string? answer) => answer switch
    {
        Yes => true,
        No => false,
        _ => null,
    };

    /// <summary>As it would be with what was sent, where that could not be taken.</summary>
    public static ShownChecklist With(this ShownChecklist shown, ChecklistPolicy policy, IFormCollection sent) =>
        ShownChecklist.Of(policy, shown.AsksForCountry ? null : shown.Country, shown.Answers.With(From(sent), policy));

    /// <summary>The items to read: of both cases as long as nobody has said which one it is.</summary>
    public static IReadOnlyList<ChecklistItem> Read(ShownChecklist shown) =>
        shown.Answers.HasBackup is null ? shown.List.Items : shown.Items;

    /// <param name="when">Says in which case, with the item's words.</param>
    public static string Sentence(ChecklistItem item, ShownChecklist shown, string language, Func<string, string, string> when) =>
        item.When == ChecklistCondition.Always || shown.Answers.HasBackup is not null
            ? item.Text(language)
            : when($"When.{item.When}", item.Text(language));

    /// <summary>For a mail: each item with the address of its instructions written out, since mails lead to nobody but us.</summary>
    public static IReadOnlyList<string> Sentences(ShownChecklist shown, CultureInfo culture)
    {
        var (texts, language) = (new MailTexts(typeof(ChecklistWords), culture), culture.TwoLetterISOLanguageName);
        return [.. Read(shown).Select(item => WithAddress(
            Sentence(item, shown, language, (when, words) => texts[when, words]), item.Link))];
    }

    private static string WithAddress(string sentence, string? address) =>
        address is null ? sentence : $"{sentence}{(sentence[^1] is '.' or ':' ? "" : ":")} {address}";
}
