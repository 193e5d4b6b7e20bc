using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <param name="By">Who has written it.</param>
/// <param name="IsOwn">That was the reader.</param>
public sealed record Template(Guid Id, string Text, bool IsShared, string By, bool IsOwn);

/// <param name="All">The own ones first, by text.</param>
internal sealed record Templates(IReadOnlyList<Template> All);

/// <summary>The texts that somebody may choose from: the own ones, and those that colleagues share.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ListTemplates(StaffReads reads)
{
    /// <param name="word">What the dialog asks for.</param>
    public Task<StaffAnswer<Templates>> ExecuteAsync(
        StaffActor actor, string word, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<Templates>(
            typeof(ListTemplates), actor, audited: null,
            async db => new(await (
                from t in db.Set<TextTemplate>()
                join u in db.Users on t.UserId equals u.Id
                where t.Word == word && (t.IsShared || t.UserId == actor.Id)
                orderby t.UserId == actor.Id descending, t.Text
                select new Template(t.Id, t.Text, t.IsShared, u.DisplayName, t.UserId == actor.Id)).ToListAsync(cancellationToken)),
            now, cancellationToken);
}
