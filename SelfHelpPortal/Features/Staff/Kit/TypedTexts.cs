using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Keeps what is being typed into a dialog, so that neither Escape nor an ended circuit or portal loses it.</summary>
internal sealed class TypedTexts(IDbContextFactory<PortalDbContext> contexts)
{
    /// <returns>Empty when nothing was begun there.</returns>
    public async Task<string> FindAsync(StaffActor actor, string place, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await At(db, actor, place).Select(t => t.Text).SingleOrDefaultAsync(cancellationToken) ?? "";
    }

    /// <returns>False when it is no text, or too long to be sent: then it is not kept, and the act will say why.</returns>
    public async Task<bool> KeepAsync(
        StaffActor actor, string place, string text, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!ValidText.Is(text) || text.Length > TypedText.Longest)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (text.Length == 0)
        {
            await At(db, actor, place).ExecuteDeleteAsync(cancellationToken);
            return true;
        }

        // The same clerk may have the dialog open twice.
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO typed_text (user_id, place, text, at) VALUES ({actor.Id}, {place}, {text}, {now})
             ON CONFLICT (user_id, place) DO UPDATE SET text = excluded.text, at = excluded.at
             """,
            cancellationToken);
        return true;
    }

    public async Task DropAsync(StaffActor actor, string place, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await At(db, actor, place).ExecuteDeleteAsync(cancellationToken);
    }

    private static IQueryable<TypedText> At(PortalDbContext db, StaffActor actor, string place) =>
        db.Set<TypedText>().Where(t => t.UserId == actor.Id && t.Place == place);
}
