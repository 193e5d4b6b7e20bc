using Bunit;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What the pages of lists show while somebody works on a list elsewhere.</summary>
public sealed class ImportPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    private const int Rows = 1_200;

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Both_follow_what_is_done_elsewhere_and_say_by_whom(string language)
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var file = await UploadAsync(desk);
        var name = (await Ground.Administrator.ActorAsync()).Name;
        var colleague = await StaffUser.CreateAsync(Portal, SelfHelpPortal.Data.Accounts.StaffRoles.Administrator);
        Speak(language);
        await OpenAsync(colleague, typeof(UploadLicenses), typeof(ShowImport), typeof(ImportPageActs), typeof(ImportChanges));
        var page = Render<ImportFilePage>(p => p.Add(x => x.Id, file));
        page.WaitForElement("#import-check");
        page.FindAll("progress").ShouldBeEmpty();

        // The first part of the check, then all of it.
        (await Ground.Use<CheckImport>().ExecuteAsync(await Ground.Administrator.ActorAsync(), file, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        page.WaitForAssertion(() => page.Find("progress").GetAttribute("value").ShouldBe("1000"));
        page.Find("#import-elsewhere").TextContent.ShouldContain(name);
        ShouldHoldNoRawKey(page.Nodes);
        await desk.CheckAsync(file);
        page.WaitForElement("#import-start");
        page.FindAll("progress").ShouldBeEmpty();

        var list = Render<ImportPage>();
        list.WaitForElement("tbody");
        (await desk.StartAsync(file)).ShouldBe(StaffResult.Done);
        (await desk.ContinueAsync(file)).ShouldBe(StaffResult.Done);
        page.WaitForAssertion(() => page.Find("progress").GetAttribute("value").ShouldBe("500"));
        page.Find("#import-elsewhere").TextContent.ShouldContain(name);
        page.FindAll("#import-stop").Count.ShouldBe(1);
        page.FindAll("#import-continue").Count.ShouldBe(1);
        ShouldHoldNoRawKey(page.Nodes);
        list.WaitForAssertion(() => list.Find($"tr:has(a[href$='{file}'])").TextContent.ShouldContain($"500 / {Rows}"));

        // It was broken off, and goes on here.
        await page.ClickAsync("#import-continue");
        page.WaitForAssertion(() => page.Find("[role=status]").GetAttribute("data-outcome").ShouldBe("imported"));
        (await desk.CountAsync()).ShouldBe(Rows);
        (await desk.ShowAsync(file)).Run.WorkedBy.ShouldBe((await colleague.ActorAsync()).Name);
        page.FindAll("#import-elsewhere").ShouldBeEmpty();
        list.WaitForAssertion(() => list.Find($"tr:has(a[href$='{file}'])").TextContent.ShouldContain($"{Rows} / {Rows}"));
    }

    [Fact]
    public async Task What_was_chosen_stays_while_the_list_is_where_it_was_and_a_list_that_is_gone_is_not_shown()
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var file = await UploadAsync(desk);
        Speak("en");
        await OpenAsync(Ground.Administrator, typeof(ShowImport), typeof(ImportPageActs), typeof(ImportChanges));
        var page = Render<ImportFilePage>(p => p.Add(x => x.Id, file));
        page.WaitForElement("#column-3");
        await page.ChangeAsync("#column-3", "");

        (await Ground.Use<CheckImport>().ExecuteAsync(await Ground.Administrator.ActorAsync(), file, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        page.WaitForElement("progress");
        page.Find("#column-3 option[selected]").GetAttribute("value").ShouldBe("");

        (await Ground.Use<DiscardImport>().ExecuteAsync(await Ground.Administrator.ActorAsync(), file, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        page.WaitForAssertion(() => page.FindAll("#import-discard").ShouldBeEmpty());
    }

    [Fact]
    public async Task A_page_that_was_left_asks_no_more()
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var file = await UploadAsync(desk);
        var changes = Ground.Use<ImportChanges>();
        using var left = new CancellationTokenSource();
        var (told, stays) = (0, 0);
        changes.Follow(_ => Interlocked.Increment(ref told), left.Token);
        changes.Follow(_ => Interlocked.Increment(ref stays), default);

        await desk.CheckAsync(file);
        await Eventually.BecomesTrueAsync(() => told > 0);
        await left.CancelAsync();
        (told, stays) = (0, 0);
        await desk.StartAsync(file);

        await Eventually.BecomesTrueAsync(() => stays > 0);
        told.ShouldBe(0);
    }

    private static Task<Guid> UploadAsync(ImportDesk desk) => desk.UploadAsync("product;company;email\n" + string.Concat(
        Enumerable.Repeat($"{desk.Product};Muster GmbH;inhaber@muster.example\n", Rows)));
}
