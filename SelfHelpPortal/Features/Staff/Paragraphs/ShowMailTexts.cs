using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Paragraphs;

/// <param name="Products">Id and name.</param>
/// <param name="Written">The keys that have a paragraph now.</param>
internal sealed record MailTextList(IReadOnlyList<(string Id, string Name)> Products, IReadOnlySet<string> Written);

/// <summary>All kinds of mail that take a paragraph, and where there is one.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowMailTexts(StaffReads reads)
{
    public Task<StaffAnswer<MailTextList>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<MailTextList>(typeof(ShowMailTexts), actor, audited: null, async db =>
        {
            var products = await db.Products.AsNoTracking().OrderBy(p => p.Name).Select(p => new { p.Id, p.Name })
                .ToListAsync(cancellationToken);
            var versions = await SettingHistory.Latest(db, SettingKind.MailText).ToListAsync(cancellationToken);
            return new(
                [.. products.Select(p => (p.Id, p.Name))],
                versions.Where(v => SettingHistory.Read<MailParagraph>(v.Content) is not { De: null, En: null })
                    .Select(v => v.Key).ToHashSet());
        }, now, cancellationToken);
}

/// <param name="Product">The name; null for all products.</param>
/// <param name="Version">0 when there was never a paragraph.</param>
/// <param name="History">Newest first.</param>
internal sealed record MailTextView(string? Product, MailParagraph Paragraph, int Version, IReadOnlyList<SettingLine> History);

/// <summary>The paragraph of one kind of mail, and who changed what.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowMailText(StaffReads reads)
{
    public Task<StaffAnswer<MailTextView>> ExecuteAsync(
        StaffActor actor, MailTextTarget target, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<MailTextView>(typeof(ShowMailText), actor, audited: null, async db =>
        {
            if (!await SaveMailText.ExistsAsync(db, target, cancellationToken))
            {
                return null;
            }

            var product = await db.Products.Where(p => p.Id == target.Product).Select(p => p.Name).SingleOrDefaultAsync(cancellationToken);
            var history = await SettingLine.ReadAsync(db, SettingKind.MailText, target.Key, cancellationToken);
            return history is [var last, ..]
                ? new(product, SettingHistory.Read<MailParagraph>(last.Content), last.Version, history)
                : new(product, new MailParagraph(null, null), 0, history);
        }, now, cancellationToken);
}
