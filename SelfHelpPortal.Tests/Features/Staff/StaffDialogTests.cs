using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using MudBlazor;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Theme;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>MudBlazor's dialog and words, as the staff area uses them.</summary>
public sealed partial class StaffDialogTests(StaffGround ground) : StaffPageContext(ground)
{
    [Fact]
    public async Task A_dialog_is_named_by_its_title_and_shows_no_error_before_it_is_sent()
    {
        Speak("de");
        await OpenAsync(user: null);
        var dialogs = Render<MudDialogProvider>();

        await ShowAsync(dialogs, () => Task.FromResult(StaffResult.Done));

        var dialog = dialogs.Find("[role=dialog]");
        dialog.GetAttribute("aria-modal").ShouldBe("true");
        dialogs.Find("#" + dialog.GetAttribute("aria-labelledby")).QuerySelector("h2")!.TextContent.ShouldBe("Lizenz entsperren");
        dialogs.FindAll("[aria-invalid], .error").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_click_beside_the_dialog_keeps_what_was_typed_and_the_button_closes_it()
    {
        Speak("de");
        await OpenAsync(user: null);
        var dialogs = Render<MudDialogProvider>();
        var opened = await ShowAsync(dialogs, () => Task.FromResult(StaffResult.Done));

        await dialogs.Find(".mud-overlay").ClickAsync(new MouseEventArgs());
        dialogs.FindAll(".act-form").Count.ShouldBe(1);
        await dialogs.Find(".act-form > .actions button[type=button]").ClickAsync(new MouseEventArgs());

        dialogs.FindAll(".act-form").ShouldBeEmpty();
        (await opened.Result)!.Canceled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_click_while_the_act_is_on_its_way_does_nothing()
    {
        await OpenAsync(user: null);
        var dialogs = Render<MudDialogProvider>();
        var ending = new TaskCompletionSource<StaffResult>();
        var acts = 0;
        var opened = await ShowAsync(dialogs, () =>
        {
            acts++;
            return ending.Task;
        });

        var first = dialogs.Find(".act-form").SubmitAsync();
        await dialogs.Find(".act-form").SubmitAsync();
        ending.SetResult(StaffResult.Done);
        await first;

        acts.ShouldBe(1);
        (await opened.Result)!.Data.ShouldBe(true);
    }

    /// <summary>All that the library can say has a German text with the same places, signs that are no words excepted.</summary>
    [Fact]
    public void MudBlazor_speaks_German()
    {
        var own = new ResourceManager("MudBlazor.Resources.LanguageResource", typeof(MudDialog).Assembly)
            .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        var german = new ResourceManager(typeof(MudTexts))
            .GetResourceSet(new CultureInfo("de"), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

        own.Count.ShouldBeGreaterThan(100);
        own.Where(text => Letter().IsMatch(text.Value)).Select(text => text.Key).Except(german.Keys).ShouldBeEmpty();
        german.Keys.Except(own.Keys).ShouldBeEmpty("texts that MudBlazor no longer asks for");
        german.Where(text => !Places(text.Value).SetEquals(Places(own[text.Key]))).Select(text => text.Key).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de", "Schließen")]
    [InlineData("en", "Close")]
    public async Task A_component_speaks_the_readers_language(string language, string word)
    {
        Speak(language);
        await OpenAsync(user: null);

        var alert = Render<MudAlert>(p => p.Add(a => a.ShowCloseIcon, true));

        alert.Find("button").GetAttribute("aria-label").ShouldBe(word);
        Services.GetRequiredService<IStringLocalizer<MudTexts>>()["MudAlert_Close"].Value.ShouldBe(word);
    }

    private async Task<IDialogReference> ShowAsync(IRenderedComponent<MudDialogProvider> dialogs, Func<Task<StaffResult>> act)
    {
        var parameters = new DialogParameters
        {
            [nameof(ActDialog.Name)] = "UnlockLicense",
            [nameof(ActDialog.Act)] = (string _, DateTimeOffset? _) => act(),
        };
        var service = Services.GetRequiredService<IDialogService>();
        var dialog = await dialogs.InvokeAsync(() => service.ShowAsync<ActDialog>(
            Services.GetRequiredService<IStringLocalizer<StaffStrings>>()["UnlockLicense.Title"], parameters, StaffDialog.Options));
        dialogs.WaitForElement(".act-form");
        return dialog;
    }

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(place => place.Value)];

    [GeneratedRegex(@"\p{L}")]
    private static partial Regex Letter();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
