using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail;

/// <summary>
/// What the vendor adds to one kind of mail, in Markdown. What must be said stands in the mail itself, so that no edit can remove it.
/// </summary>
/// <param name="De">Null or empty: nothing is added in German.</param>
/// <param name="En">The same in English.</param>
public sealed record MailParagraph(string? De, string? En)
{
    public const int LongestText = 2000;

    /// <summary>The key of the setting.</summary>
    /// <param name="product">Null for the paragraph of all products that have none of their own.</param>
    public static string Key(string kind, string? product) => product is null ? kind : $"{kind}/{product}";

    public string? In(string culture) => culture == "en" ? En : De;

    /// <summary>The product's own, else that of all products; null where there is neither.</summary>
    internal static async Task<string?> FindAsync(PortalDbContext db, MailModel mail, CancellationToken cancellationToken)
    {
        if (mail.AboutProduct is not { } product)
        {
            return null;
        }

        string[] keys = [Key(mail.Kind, product), Key(mail.Kind, null)];
        var versions = await SettingHistory.Latest(db, SettingKind.MailText, keys)
            .ToDictionaryAsync(v => v.Key, v => v.Content, cancellationToken);
        return keys.Select(versions.GetValueOrDefault).OfType<string>()
            .Select(content => SettingHistory.Read<MailParagraph>(content).In(mail.To.Culture))
            .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
    }
}
