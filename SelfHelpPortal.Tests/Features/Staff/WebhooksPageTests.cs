using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Webhooks;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The page on which administrators say which programs are told of events, and see what was sent.</summary>
public sealed class WebhooksPageTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task It_shows_addresses_messages_and_a_notice_for_what_was_given_up(string language)
    {
        var active = await Portal.AddWebhookAsync();
        var givenUp = await Portal.AddWebhookAsync(givenUp: true);
        var off = await Portal.AddWebhookAsync(disabled: true);
        await Portal.AddDeliveryAsync(active);
        await Portal.AddDeliveryAsync(off);
        Speak(language);

        var page = await DrawAsync();

        Buttons(active).ShouldBe(5);
        Buttons(off).ShouldBe(4);
        page.FindAll("[data-webhook=given-up]").ShouldContain(n => n.TextContent.Contains($"{givenUp:n}", StringComparison.Ordinal));
        page.FindAll("[data-webhook=given-up]").ShouldNotContain(n => n.TextContent.Contains($"{off:n}", StringComparison.Ordinal));
        Row(page.FindAll("table")[1], active).TextContent.ShouldContain("500");
        Row(page.FindAll("table")[1], active).QuerySelectorAll("button").Length.ShouldBe(1);
        Row(page.FindAll("table")[1], off).QuerySelectorAll("button").Length.ShouldBe(0, "nothing is sent there");
        page.Markup.ShouldNotContain("whsec_");
        ShouldHoldNoRawKey(page.Nodes);

        int Buttons(Guid endpoint) => Row(page.FindAll("table")[0], endpoint).QuerySelectorAll("button").Length;
        AngleSharp.Dom.IElement Row(AngleSharp.Dom.IElement table, Guid endpoint) => table.QuerySelectorAll("tbody tr")
            .First(r => r.TextContent.Contains($"{endpoint:n}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_is_added_tested_given_a_new_secret_and_removed()
    {
        Speak("de");
        var dialogs = await OpenWithDialogsAsync();
        var page = Render<WebhooksPage>();
        page.WaitForElement("p > button.button");
        var host = $"hook-{Guid.NewGuid():n}.example";

        var adding = page.Find("p > button.button").ClickAsync(new());
        dialogs.WaitForElement("#webhook-url");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#webhook-url").ChangeAsync($"http://{host}/");
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#webhook-url-error");
        await dialogs.Find("#webhook-url").ChangeAsync($"https://{host}/hook?key=1");
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#webhook-topics-error");
        await dialogs.Find("input[value=license]").ChangeAsync(true);
        await dialogs.Find("input[value=invoice]").ChangeAsync(true);
        await dialogs.Find(".act-form").SubmitAsync();
        await adding;

        var secret = page.WaitForElement("#webhook-secret").TextContent;
        WebhookSecret.From(secret).Text.ShouldBe(secret);
        await using (var db = Portal.Open())
        {
            var endpoint = await db.Set<WebhookEndpoint>().SingleAsync(e => e.Url == $"https://{host}/hook?key=1");
            endpoint.Topics.ShouldBe([EventTypes.License, EventTypes.Invoice]);
            var entry = await db.AuditEntries.SingleAsync(e => e.Subject == endpoint.Id.ToString());
            (entry.Kind, entry.Text).ShouldBe((AuditKind.WebhookChanged, $"CreateWebhook {host}"));
        }

        await ActAsync("testen", "test-sent");
        page.FindAll("tbody tr").ShouldContain(
            r => r.TextContent.Contains("test", StringComparison.Ordinal) && r.TextContent.Contains(host, StringComparison.Ordinal));
        await ActAsync("neues geheimnis", "secret-rotated");
        page.Find("#webhook-secret").TextContent.ShouldNotBe(secret);
        await ActAsync("deaktivieren", "webhook-disabled");
        await ActAsync("aktivieren", "webhook-enabled");
        await ActAsync("entfernen", "webhook-removed");
        page.FindAll("tbody tr").ShouldNotContain(r => r.TextContent.Contains(host, StringComparison.Ordinal));

        async Task ActAsync(string button, string outcome)
        {
            var acting = page.FindAll("table")[0].QuerySelectorAll("tbody tr")
                .First(r => r.TextContent.Contains(host, StringComparison.Ordinal)).QuerySelectorAll("button")
                .Single(b => b.TextContent.Trim().StartsWith(button, StringComparison.OrdinalIgnoreCase)).ClickAsync(new());
            dialogs.WaitForElement(".act-form").TextContent.ShouldContain(host);
            await dialogs.Find(".act-form").SubmitAsync();
            await acting;
            page.WaitForElement($"[role=status][data-outcome={outcome}]");
        }
    }

    [Fact]
    public async Task What_was_typed_comes_back_after_the_factor()
    {
        Speak("de");
        var dialogs = await OpenWithDialogsAsync();
        var session = Services.GetRequiredService<StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Portal.Clock.Now - FreshSignIn.Lifetime };
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/staff/setup/webhooks");
        var page = Render<WebhooksPage>();
        page.WaitForElement("p > button.button");
        var url = $"https://hook-{Guid.NewGuid():n}.example/";

        var asking = page.Find("p > button.button").ClickAsync(new());
        dialogs.WaitForElement("#webhook-url");
        await dialogs.Find("#webhook-url").ChangeAsync(url);
        await dialogs.Find("input[value=flag]").ChangeAsync(true);
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;

        var back = Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]);
        back.ShouldStartWith("/staff/setup/webhooks?draft=");
        session.Actor = await Ground.Administrator.ActorAsync();
        navigation.NavigateTo(back);
        dialogs.WaitForElement("#webhook-url").GetAttribute("value").ShouldBe(url);
        dialogs.Find("input[value=flag]").HasAttribute("checked").ShouldBeTrue();
        await dialogs.Find(".act-form").SubmitAsync();

        page.WaitForElement("#webhook-secret");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task An_address_is_edited_also_after_the_factor_and_a_change_meanwhile_is_told(string language)
    {
        Speak(language);
        var endpoint = await Portal.AddWebhookAsync();
        var dialogs = await OpenWithDialogsAsync();
        var session = Services.GetRequiredService<StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Portal.Clock.Now - FreshSignIn.Lifetime };
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/staff/setup/webhooks");
        var page = Render<WebhooksPage>();

        var editing = EditButton(page, endpoint).ClickAsync(new());
        dialogs.WaitForElement("#webhook-url").GetAttribute("value").ShouldBe($"https://shop-{endpoint:n}.example/hook");
        dialogs.FindAll("input[type=checkbox][checked]").Count.ShouldBe(EventTypes.Topics.Length);
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#webhook-description").ChangeAsync("Webshop");
        await dialogs.Find("input[value=flag]").ChangeAsync(false);
        await dialogs.Find(".act-form").SubmitAsync();
        await editing;
        session.Actor = await Ground.Administrator.ActorAsync();
        navigation.NavigateTo(Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]));
        dialogs.WaitForElement("#webhook-description").GetAttribute("value").ShouldBe("Webshop");
        dialogs.Find("input[value=flag]").HasAttribute("checked").ShouldBeFalse();
        await dialogs.Find("#webhook-description").ChangeAsync("two\nlines");
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#webhook-description-error");
        await dialogs.Find("#webhook-description").ChangeAsync("Webshop");
        await dialogs.Find(".act-form").SubmitAsync();
        page.WaitForElement("[role=status][data-outcome=webhook-edited]");
        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain("Webshop"));
        ShouldHoldNoRawKey(page.Nodes);

        // Another administrator is quicker.
        var second = EditButton(page, endpoint).ClickAsync(new());
        dialogs.WaitForElement("#webhook-description");
        await using (var db = Portal.Open())
        {
            var stored = await db.Set<WebhookEndpoint>().SingleAsync(e => e.Id == endpoint);
            stored.Topics.ShouldBe([EventTypes.License, EventTypes.Transfer, EventTypes.Invoice]);
            stored.Description = "Kasse";
            await db.SaveChangesAsync();
        }

        await dialogs.Find("#webhook-description").ChangeAsync("Theke");
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("[data-outcome=settingchanged]");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find(".act-form > .actions button[type=button]").ClickAsync(new());
        await second;

        static AngleSharp.Dom.IElement EditButton(IRenderedComponent<WebhooksPage> page, Guid endpoint)
        {
            page.WaitForElement("table");
            return page.FindAll("tbody tr").First(r => r.TextContent.Contains($"{endpoint:n}", StringComparison.Ordinal))
                .QuerySelector("button")!;
        }
    }

    private async Task<IRenderedComponent<WebhooksPage>> DrawAsync()
    {
        await OpenAsync(Ground.Administrator, typeof(ShowWebhooks), typeof(WebhookPageActs));
        var page = Render<WebhooksPage>();
        page.WaitForElement("table");
        return page;
    }

    private async Task<IRenderedComponent<MudBlazor.MudDialogProvider>> OpenWithDialogsAsync()
    {
        await OpenAsync(Ground.Administrator, typeof(ShowWebhooks), typeof(WebhookPageActs));
        return Render<MudBlazor.MudDialogProvider>();
    }
}
