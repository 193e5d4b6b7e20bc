using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Keeps a text for the next time, for oneself or for all of staff.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class AddTemplate(AdministrationActs acts)
{
    /// <param name="command">Made for the click, and the id of the template.</param>
    /// <param name="word">What the dialog asks for.</param>
    /// <param name="text">As long as a reason may be; a text that is there already is not added again.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, string word, string text, bool isShared, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(AddTemplate), actor, command, command, $"{word} {isShared} {text}", async db =>
            {
                if (text.Trim() is not { Length: >= StaffAct.ShortestReason and <= StaffAct.LongestReason } kept)
                {
                    return StaffRefusal.Reason;
                }

                if (!ValidText.Is(kept))
                {
                    return StaffRefusal.NotText;
                }

                var own = db.Set<TextTemplate>().Where(t => t.UserId == actor.Id);
                if (await own.AnyAsync(t => t.Word == word && t.Text == kept && t.IsShared == isShared, cancellationToken))
                {
                    return StaffResult.Done;
                }

                if (await own.CountAsync(cancellationToken) >= TextTemplate.Most)
                {
                    return StaffRefusal.TooManyTemplates;
                }

                db.Add(new TextTemplate { Id = command, UserId = actor.Id, IsShared = isShared, Word = word, Text = kept, At = now });
                return StaffResult.Done;
            },
            now, cancellationToken);
}
