using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Paragraphs;

/// <summary>Which mails take a paragraph of the vendor: those that tell a customer about a license.</summary>
internal static class MailTextKinds
{
    /// <summary>In the order in which customers get them.</summary>
    public static readonly string[] All =
    [
        "activated-offline", "release-confirm", "released", "objected", "seen-again", "computer-locked", "locked", "flag-question",
        "flag-answered", "emergency-code", "unlocked", "suspended", "transfer-confirm", "transfer-received", "transfer-question",
        "transfer-invoice", "transfer-completed", "transfer-declined", "transfer-withdrawn", "subscription-renewed",
        "appointment-booked", "appointment-moved", "appointment-cancelled", "appointment-reminder",
        "owner-confirm", "owner-question", "owner-declined", "owner-settled", "license-handed-over",
        "loan-confirm", "loan-issued", "loan-ending", "loan-ended", "loan-declined", "overlap-begun", "overlap-ending",
    ];
}

/// <summary>Which mail somebody adds a paragraph to.</summary>
/// <param name="Product">Null for all products that have no paragraph of their own.</param>
internal sealed record MailTextTarget(string Kind, string? Product)
{
    public string Key => MailParagraph.Key(Kind, Product);

    public static MailTextTarget From(string key) => key.Split('/', 2) is [var kind, var product] ? new(kind, product) : new(key, null);
}

/// <summary>
/// Sets the vendor's paragraph in a kind of mail. It stands in every such mail from then on; those that wait stay as they are.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class SaveMailText(SettingActs acts)
{
    /// <param name="command">Made when the form was first shown.</param>
    /// <param name="basedOn">The version that was shown; 0 when there was none.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, MailTextTarget target, MailParagraph paragraph, int basedOn, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SaveMailText), actor, command, new(SettingKind.MailText, target.Key, basedOn), paragraph,
            async db =>
            {
                if (!await ExistsAsync(db, target, cancellationToken))
                {
                    return StaffRefusal.NotFound;
                }

                if (Problems(paragraph).ToList() is { Count: > 0 } problems)
                {
                    return new StaffResult(StaffRefusal.SettingInvalid, problems);
                }

                await SettingHistory.AppendAsync(
                    db, SettingKind.MailText, target.Key, before: null, paragraph, actor.Id, now, cancellationToken);
                return StaffResult.Done;
            },
            now, cancellationToken);

    public static async Task<bool> ExistsAsync(PortalDbContext db, MailTextTarget target, CancellationToken cancellationToken) =>
        MailTextKinds.All.Contains(target.Kind)
        && (target.Product is null || await db.Products.AnyAsync(p => p.Id == target.Product, cancellationToken));

    /// <summary>What stands against a paragraph, whoever wrote it.</summary>
    public static IEnumerable<BrokenRule> Problems(MailParagraph paragraph)
    {
        foreach (var (path, text) in new[] { ("text.de", paragraph.De), ("text.en", paragraph.En) })
        {
            if (text?.Length > MailParagraph.LongestText)
            {
                yield return new BrokenRule(path, $"Höchstens {MailParagraph.LongestText} Zeichen.",
                    $"At most {MailParagraph.LongestText} characters.");
            }
        }
    }
}
