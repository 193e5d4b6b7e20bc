using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>List and case as a clerk's circuit draws them, and the document as a download.</summary>
public sealed class StaffOwnershipPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_case_is_found_looked_at_and_settled(string language)
    {
        var change = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, withDocument: true)).AgreedAsync();
        var reference = (await change.ReadAsync()).Reference;
        Speak(language);
        await OpenAsync();
        var list = Render<OwnerChangesPage>();
        list.WaitForElement("[data-outcome=owner-changes] table");
        list.FindAll($"a[href='/staff/ownership/{reference}']").ShouldHaveSingleItem();
        ShouldHoldNoRawKey(list.Nodes);

        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<OwnerChangePage>(p => p.Add(x => x.Reference, reference));
        page.WaitForElement("[data-outcome=owner-change]").TextContent.ShouldContain("Beispiel Betriebs GmbH");
        page.Find($"a[href='/staff/ownership/{reference}/document']").HasAttribute("download").ShouldBeTrue();
        ShouldHoldNoRawKey(page.Nodes);

        var settling = page.Find(".actions .button:not(.button-quiet):not(.button-danger)").ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        await dialogs.Find(".act-form").SubmitAsync();
        await settling;
        page.WaitForElement("[data-outcome=settled]");
        (await change.ReadAsync()).State.ShouldBe(OwnerChangeState.Completed);
        page.FindAll(".actions").ShouldBeEmpty();
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task A_number_that_is_nobodys_can_only_be_declined()
    {
        var change = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, stated: "L-99999999");
        Speak("de");
        await OpenAsync();

        var page = Render<OwnerChangePage>(p => p.Add(x => x.Reference, change.ReadAsync().Result.Reference));

        page.WaitForElement("[data-outcome=owner-change]").TextContent.ShouldContain("L-99999999");
        page.FindAll(".actions .button").ShouldHaveSingleItem().ClassList.ShouldContain("button-danger");
    }

    [Fact]
    public async Task The_document_is_an_attachment_that_may_do_nothing_and_asks_for_a_young_factor()
    {
        var change = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, withDocument: true);
        var path = $"/staff/ownership/{(await change.ReadAsync()).Reference}/document";
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();

        using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(SampleOwnerChanges.Pdf.Bytes);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        answer.Content.Headers.ContentDisposition!.ToString()
            .ShouldStartWith($"attachment; filename=Nachweis-{(await change.ReadAsync()).Reference}.pdf");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'; sandbox"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();

        Portal.Clock.Advance(FreshSignIn.Lifetime);
        await browser.GetAsync(path);
        browser.Path.ShouldStartWith(FreshSignIn.Path);
        using var stranger = new Browser(Portal);
        await stranger.GetAsync(path);
        stranger.Path.ShouldStartWith("/account/sign-in");
    }

    private Task OpenAsync() =>
        OpenAsync(null, typeof(SearchOwnerChanges), typeof(ShowHolderChange), typeof(OwnerChangePageActs));
}
