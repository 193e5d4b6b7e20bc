using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What is typed into the dialog of an act, as the act gets it.</summary>
public sealed class ActDialogTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("2026-11-21", "2026-11-21T23:00Z")]
    [InlineData("0001-01-01", "0001-01-01T23:06Z")]
    [InlineData("9999-12-31", null)]
    public async Task A_day_ends_where_the_vendor_is_also_the_first_and_the_last_there_is(string day, string? ends)
    {
        Speak("en");
        await OpenAsync(user: null);
        DateTimeOffset? got = null;
        var dialogs = Render<MudDialogProvider>();
        var parameters = new DialogParameters
        {
            [nameof(ActDialog.Name)] = "GrantRelease",
            [nameof(ActDialog.NeedsUntil)] = true,
            [nameof(ActDialog.Act)] = (string _, DateTimeOffset? until) =>
            {
                got = until;
                return Task.FromResult<StaffResult>(StaffRefusal.Until);
            },
        };
        await dialogs.InvokeAsync(
            () => Services.GetRequiredService<IDialogService>().ShowAsync<ActDialog>("", parameters, StaffDialog.Options));
        await dialogs.WaitForElement("#act-until").ChangeAsync(day);
        await dialogs.Find("form").SubmitAsync();

        // Clocks of that first day showed the sun's time, to the second.
        got.ShouldNotBeNull().ShouldBe(ends is null
            ? DateTimeOffset.MaxValue
            : DateTimeOffset.Parse(ends, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(1));
        dialogs.Find("#act-until").GetAttribute("aria-invalid").ShouldBe("true");
    }

    [Fact]
    public async Task What_was_typed_is_kept_before_the_dialog_goes_and_after_a_refusal_it_still_stands_there()
    {
        Speak("de");
        await OpenAsync(user: null);
        List<string> kept = [];
        var dialogs = Render<MudDialogProvider>();
        await ShowAsync(dialogs, () => Task.FromResult<StaffResult>(StaffRefusal.Conflict), new KeptText(
            "",
            text =>
            {
                kept.Add(text);
                return Task.FromResult(true);
            },
            () => Task.CompletedTask));

        await dialogs.WaitForElement("#act-reason").InputAsync("Der Kunde");
        await dialogs.Find("#act-reason").InputAsync("Der Kunde hat angerufen");
        await dialogs.Find("form").SubmitAsync();

        dialogs.Find("[data-outcome=conflict]").TextContent.ShouldContain("Clerk 1, gestern: Freigegeben");
        dialogs.Find("#act-reason").GetAttribute("value").ShouldBe("Der Kunde hat angerufen");
        await dialogs.Find("#act-reason").InputAsync("Der Kunde hat zweimal angerufen");
        await dialogs.Find(".act-form > .actions button[type=button]").ClickAsync(new());
        // It is kept while the dialog goes, and nothing is drawn any more then.
        await Eventually.BecomesTrueAsync(() => Task.FromResult(kept.Count == 2));
        kept.ShouldBe(["Der Kunde hat angerufen", "Der Kunde hat zweimal angerufen"]);
    }

    [Fact]
    public async Task Nobody_leaves_a_dialog_whose_act_runs()
    {
        Speak("de");
        await OpenAsync(user: null);
        var ending = new TaskCompletionSource<StaffResult>();
        var dialogs = Render<MudDialogProvider>();
        var opened = await ShowAsync(dialogs, () => ending.Task);

        var sent = dialogs.WaitForElement("form").SubmitAsync();
        dialogs.WaitForElement(".act-form[aria-busy=true]");
        await dialogs.Find(".act-form > .actions button[type=button]").ClickAsync(new());
        dialogs.FindAll(".act-form").Count.ShouldBe(1);
        opened.Result.IsCompleted.ShouldBeFalse();

        ending.SetResult(StaffResult.Done);
        await sent;
        (await opened.Result)!.Data.ShouldBe(true);
    }

    private async Task<IDialogReference> ShowAsync(
        IRenderedComponent<MudDialogProvider> dialogs, Func<Task<StaffResult>> act, KeptText? kept = null)
    {
        var parameters = new DialogParameters
        {
            [nameof(ActDialog.Name)] = "UnlockLicense",
            [nameof(ActDialog.Kept)] = kept,
            [nameof(ActDialog.LastChange)] = () => Task.FromResult<string?>("Clerk 1, gestern: Freigegeben"),
            [nameof(ActDialog.Act)] = (string _, DateTimeOffset? _) => act(),
        };
        return await dialogs.InvokeAsync(
            () => Services.GetRequiredService<IDialogService>().ShowAsync<ActDialog>("", parameters, StaffDialog.Options));
    }
}
