using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>One act on several cases, and what becomes of those that it cannot be done to.</summary>
public sealed class BulkDialogTests(StaffGround ground) : StaffPageContext(ground)
{
    [Fact]
    public async Task Who_gets_a_mail_is_shown_first_and_what_was_done_is_not_done_again()
    {
        Speak("de");
        await OpenAsync(user: null);
        List<string> asked = [];
        var isAway = true;
        var dialogs = Render<MudDialogProvider>();
        var opened = await ShowAsync(dialogs, (question, to) =>
        {
            if (question.Length == 0)
            {
                return StaffRefusal.Reason;
            }

            if (to.Number == "F-2" && isAway)
            {
                return StaffRefusal.Conflict;
            }

            asked.Add($"{to.Number}: {question}");
            return StaffResult.Done;
        });

        dialogs.WaitForElement("table").TextContent.ShouldContain("kasse2@muster.example");
        await dialogs.Find("form").SubmitAsync();
        dialogs.WaitForElement("#act-reason-error");
        asked.ShouldBeEmpty();
        await dialogs.Find("#act-reason").InputAsync("Welcher PC war das?");
        await dialogs.Find("form").SubmitAsync();
        var partly = dialogs.WaitForElement("[data-outcome=partly]").TextContent;
        partly.ShouldContain("2 von 3");
        partly.ShouldContain("F-2");
        dialogs.Find("#act-reason").GetAttribute("value").ShouldBe("Welcher PC war das?");

        isAway = false;
        await dialogs.Find("form").SubmitAsync();

        (await opened.Result)!.Data.ShouldBe(true);
        asked.ShouldBe(["F-1: Welcher PC war das?", "F-3: Welcher PC war das?", "F-2: Welcher PC war das?"]);
    }

    private async Task<IDialogReference> ShowAsync(
        IRenderedComponent<MudDialogProvider> dialogs, Func<string, BulkRecipient, StaffResult> act)
    {
        var parameters = new DialogParameters
        {
            [nameof(BulkDialog.Name)] = "AskSelected",
            [nameof(BulkDialog.Recipients)] = Enumerable.Range(1, 3)
                .Select(i => new BulkRecipient(Guid.NewGuid(), $"F-{i}", "Muster GmbH", $"kasse{i}@muster.example")).ToList(),
            [nameof(BulkDialog.AsksQuestion)] = true,
            [nameof(BulkDialog.Act)] = (string question, BulkRecipient to) => Task.FromResult(act(question, to)),
        };
        return await dialogs.InvokeAsync(
            () => Services.GetRequiredService<IDialogService>().ShowAsync<BulkDialog>("", parameters, StaffDialog.Options));
    }
}
