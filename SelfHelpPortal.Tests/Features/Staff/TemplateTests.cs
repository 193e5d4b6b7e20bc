using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Texts that are written again and again.</summary>
public sealed class TemplateTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task Own_texts_are_for_oneself_and_shared_ones_for_all_and_everybody_takes_those_away()
    {
        var word = NewWord();
        (await AddAsync(Ground.Clerk, word, "  Der Kunde hat es am Telefon bestätigt ", isShared: false)).ShouldBe(StaffResult.Done);
        (await AddAsync(Ground.Clerk, word, "Alte Kasse verschrottet", isShared: true)).ShouldBe(StaffResult.Done);
        (await AddAsync(Ground.Clerk, word, "Alte Kasse verschrottet", isShared: true)).ShouldBe(StaffResult.Done, "once is enough");

        (await FindAsync(Ground.Clerk, word)).Select(t => (t.Text, t.IsShared, t.IsOwn)).ShouldBe(
            [("Alte Kasse verschrottet", true, true), ("Der Kunde hat es am Telefon bestätigt", false, true)]);
        var seen = (await FindAsync(Ground.Accountant, word)).ShouldHaveSingleItem();
        (seen.Text, seen.IsOwn).ShouldBe(("Alte Kasse verschrottet", false));
        (await FindAsync(Ground.Clerk, NewWord())).ShouldBeEmpty();

        var own = (await FindAsync(Ground.Clerk, word)).Single(t => !t.IsShared);
        (await RemoveAsync(Ground.Accountant, own.Id)).ShouldBe(StaffRefusal.NotFound);
        (await RemoveAsync(Ground.Accountant, seen.Id)).ShouldBe(StaffResult.Done);
        (await FindAsync(Ground.Clerk, word)).ShouldHaveSingleItem().ShouldBe(own);
    }

    [Theory]
    [InlineData("", StaffRefusal.Reason)]
    [InlineData("  ab ", StaffRefusal.Reason)]
    [InlineData("kein\0Text", StaffRefusal.NotText)]
    public async Task What_could_not_be_sent_is_not_kept(string text, StaffRefusal refusal) =>
        (await AddAsync(Ground.Clerk, NewWord(), text, isShared: false)).Refused.ShouldBe(refusal);

    [Fact]
    public async Task A_person_keeps_as_many_as_can_be_looked_through()
    {
        var (word, hoarder) = (NewWord(), await StaffUser.CreateAsync(Portal));
        for (var i = 0; i < TextTemplate.Most; i++)
        {
            (await AddAsync(hoarder, word, $"Baustein {i}", isShared: false)).ShouldBe(StaffResult.Done);
        }

        (await AddAsync(hoarder, word, "Noch einer", isShared: true)).ShouldBe(StaffRefusal.TooManyTemplates);
        (await AddAsync(Ground.Clerk, word, "Noch einer", isShared: true)).ShouldBe(StaffResult.Done);
    }

    [Fact]
    public async Task In_a_dialog_a_text_is_kept_and_chosen_the_next_time()
    {
        Speak("de");
        await OpenAsync(await StaffUser.CreateAsync(Portal));
        string? sent = null;
        var dialogs = Render<MudDialogProvider>();
        await ShowAsync(dialogs, reason => sent = reason);
        await dialogs.WaitForElement("#act-reason").InputAsync("Gehäuse getauscht");
        await ButtonAsync(dialogs, "Meinen Text behalten");
        dialogs.WaitForElement("[data-outcome=template-kept]");
        await dialogs.Find(".act-form > .actions button[type=button]").ClickAsync(new());
        dialogs.WaitForState(() => dialogs.FindAll(".act-form").Count == 0);

        await ShowAsync(dialogs, reason => sent = reason);
        await dialogs.WaitForElement("#act-reason").InputAsync("Kasse 2");
        await ButtonAsync(dialogs, "Gehäuse getauscht");
        dialogs.Find("#act-reason").GetAttribute("value").ShouldBe("Kasse 2\nGehäuse getauscht");
        await dialogs.Find("form").SubmitAsync();

        sent.ShouldBe("Kasse 2\nGehäuse getauscht");
    }

    [Fact]
    public async Task Without_a_text_there_is_nothing_to_keep()
    {
        Speak("en");
        await OpenAsync(user: null);
        var dialogs = Render<MudDialogProvider>();
        await ShowAsync(dialogs, _ => { });
        dialogs.WaitForElement("#act-reason");

        await ButtonAsync(dialogs, "Keep it for everyone");

        dialogs.WaitForElement("[data-outcome=reason]").TextContent.ShouldContain("Write the text into the field first");
    }

    private static string NewWord() => $"Reason{Guid.NewGuid():n}";

    private static async Task ButtonAsync(IRenderedComponent<MudDialogProvider> dialogs, string text)
    {
        dialogs.WaitForState(() => dialogs.FindAll("button").Any(b => b.TextContent.Trim() == text));
        await dialogs.FindAll("button").First(b => b.TextContent.Trim() == text).ClickAsync(new());
    }

    private async Task<IReadOnlyList<Template>> FindAsync(StaffUser user, string word) =>
        (await Ground.Use<ListTemplates>().ExecuteAsync(await user.ActorAsync(), word, Now, default)).Value!.All;

    private async Task<StaffResult> AddAsync(StaffUser user, string word, string text, bool isShared) =>
        await Ground.Use<AddTemplate>().ExecuteAsync(await user.ActorAsync(), Guid.NewGuid(), word, text, isShared, Now, default);

    private async Task<StaffResult> RemoveAsync(StaffUser user, Guid template) =>
        await Ground.Use<RemoveTemplate>().ExecuteAsync(await user.ActorAsync(), Guid.NewGuid(), template, Now, default);

    private async Task ShowAsync(IRenderedComponent<MudDialogProvider> dialogs, Action<string> sent)
    {
        var parameters = new DialogParameters
        {
            [nameof(ActDialog.Name)] = "SuspendLicense",
            [nameof(ActDialog.Act)] = (string reason, DateTimeOffset? _) =>
            {
                sent(reason);
                return Task.FromResult(StaffResult.Done);
            },
        };
        await dialogs.InvokeAsync(
            () => Services.GetRequiredService<IDialogService>().ShowAsync<ActDialog>("", parameters, StaffDialog.Options));
    }
}
