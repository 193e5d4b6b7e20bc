using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Tokens;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The page on which administrators make and revoke tokens for programs.</summary>
public sealed class TokensPageTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task It_shows_every_token_with_its_state_and_no_secret(string language)
    {
        var names = Enumerable.Range(0, 4).Select(i => $"Shop {i} {Guid.NewGuid():n}").ToArray();
        var secrets = new[]
        {
            await Portal.AddTokenAsync(ApiScopes.All, names[0]),
            await Portal.AddTokenAsync([ApiScopes.ReadLicenses], names[1], expires: Now.AddDays(3)),
            await Portal.AddTokenAsync(ApiScopes.All, names[2], expires: Now),
            await Portal.AddTokenAsync(ApiScopes.All, names[3], revoked: true),
        };
        Speak(language);

        var page = await DrawAsync();

        var rows = names.Select(name => page.FindAll("tbody tr").Single(r => r.TextContent.Contains(name, StringComparison.Ordinal)))
            .ToList();
        rows.Select(r => r.QuerySelectorAll("button").Length).ShouldBe([1, 1, 0, 0], "what has ended is not revoked");
        var all = ApiScopes.All.Length;
        rows.Select(r => r.QuerySelectorAll("[data-scope]").Length).ShouldBe([all, 1, all, all]);
        secrets.ShouldAllBe(
            s => !page.Markup.Contains(s, StringComparison.Ordinal) && page.Markup.Contains(s.Substring(0, 10), StringComparison.Ordinal));
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task A_token_is_made_shown_once_and_works_until_it_is_revoked()
    {
        Speak("de");
        var dialogs = await OpenWithDialogsAsync();
        var page = Render<TokensPage>();
        page.WaitForElement("p > button.button");
        var name = $"Webshop {Guid.NewGuid():n}";

        var making = page.Find("p > button.button").ClickAsync(new());
        dialogs.WaitForElement("#token-name");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#token-name-error");
        await dialogs.Find("#token-name").ChangeAsync(name);
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#token-scopes-error");
        await dialogs.Find("input[value='licenses:read']").ChangeAsync(true);
        await dialogs.Find("#token-day").ChangeAsync("2001-01-01");
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#token-day-error");
        await dialogs.Find("#token-day").ChangeAsync("");
        await dialogs.Find(".act-form").SubmitAsync();
        await making;

        var secret = page.WaitForElement("#token-secret").TextContent;
        ApiTokenSecret.From(secret).ShouldNotBeNull();
        page.Find("[role=status]").GetAttribute("data-outcome").ShouldBe("token-made");
        (await AskAsync(secret)).ShouldBe(200);
        await using (var db = Portal.Open())
        {
            var token = await db.ApiTokens.SingleAsync(t => t.Name == name);
            (token.CreatedBy, token.Prefix, token.ExpiresAt).ShouldBe((Ground.Administrator.Id, secret[..10], null));
            token.Scopes.ShouldBe([ApiScopes.ReadLicenses]);
            token.SecretHash.ShouldBe(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(secret)));
            var entry = await db.AuditEntries.SingleAsync(e => e.Kind == AuditKind.TokenCreated && e.Subject == token.Prefix);
            (entry.Stream, entry.Text).ShouldBe((Ground.Administrator.Id, $"{name}: licenses:read"));
        }

        await page.Find(".notice .button-quiet").ClickAsync(new());
        page.Markup.ShouldNotContain(secret);
        var revoking = page.FindAll("tbody tr").Single(r => r.TextContent.Contains(name, StringComparison.Ordinal))
            .QuerySelector(".link-danger")!.ClickAsync(new());
        dialogs.WaitForElement(".act-form").TextContent.ShouldContain(name);
        (await AskAsync(secret)).ShouldBe(200, "nothing is revoked before it is confirmed");
        await dialogs.Find(".act-form").SubmitAsync();
        await revoking;

        page.WaitForElement("[role=status][data-outcome=token-revoked]");
        (await AskAsync(secret)).ShouldBe(401);
        await using var after = Portal.Open();
        (await after.AuditEntries.CountAsync(e => e.Kind == AuditKind.TokenRevoked && e.Text == name)).ShouldBe(1);
        (await after.ApiTokens.SingleAsync(t => t.Name == name)).RevokedBy.ShouldBe(Ground.Administrator.Id);
    }

    [Fact]
    public async Task What_was_typed_comes_back_after_the_factor_and_the_secret_is_in_no_draft()
    {
        Speak("de");
        var dialogs = await OpenWithDialogsAsync();
        var session = Services.GetRequiredService<StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Now - FreshSignIn.Lifetime };
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/staff/setup/api");
        var page = Render<TokensPage>();
        page.WaitForElement("p > button.button");
        var name = $"Webshop {Guid.NewGuid():n}";

        var asking = page.Find("p > button.button").ClickAsync(new());
        dialogs.WaitForElement("#token-name");
        await dialogs.Find("#token-name").ChangeAsync(name);
        await dialogs.Find("input[value='customers:write']").ChangeAsync(true);
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;

        await using var db = Portal.Open();
        (await db.Set<StaffDraft>().Where(d => d.UserId == Ground.Administrator.Id).Select(d => d.Form).ToListAsync())
            .ShouldAllBe(form => !form!.Contains("shp_", StringComparison.Ordinal));
        var back = Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]);
        back.ShouldStartWith("/staff/setup/api?draft=");
        session.Actor = await Ground.Administrator.ActorAsync();
        navigation.NavigateTo(back);
        dialogs.WaitForElement("#token-name").GetAttribute("value").ShouldBe(name);
        dialogs.Find("input[value='customers:write']").HasAttribute("checked").ShouldBeTrue();
        await dialogs.Find(".act-form").SubmitAsync();

        page.WaitForElement("#token-secret");
        (await db.ApiTokens.CountAsync(t => t.Name == name)).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_that_is_sent_again_makes_one_token_and_an_invented_scope_none()
    {
        var (actor, command, secret) = (await Ground.Administrator.ActorAsync(), Guid.NewGuid(), ApiTokenSecret.New());
        var wanted = new WantedToken($"Shop {Guid.NewGuid():n}", [ApiScopes.ReadLicenses], null);
        var create = Ground.Use<CreateToken>();

        (await create.ExecuteAsync(actor, command, wanted, secret, Now, default)).ShouldBe(StaffResult.Done);
        (await create.ExecuteAsync(actor, command, wanted, secret, Now, default)).ShouldBe(StaffResult.Done);
        (await create.ExecuteAsync(actor, Guid.NewGuid(), wanted with { Scopes = ["*"] }, ApiTokenSecret.New(), Now, default))
            .ShouldBe(StaffRefusal.TokenScopes);
        (await create.ExecuteAsync(
            actor, Guid.NewGuid(), wanted with { Scopes = [ApiScopes.ReadLicenses, "*"] }, ApiTokenSecret.New(), Now, default))
            .ShouldBe(StaffRefusal.TokenScopes);
        (await create.ExecuteAsync(actor, Guid.NewGuid(), wanted with { Name = "a\nb" }, ApiTokenSecret.New(), Now, default))
            .ShouldBe(StaffRefusal.TokenName);
        await using var db = Portal.Open();
        var token = await db.ApiTokens.SingleAsync(t => t.Name == wanted.Name);
        var revoke = Ground.Use<RevokeToken>();
        (await revoke.ExecuteAsync(actor, Guid.NewGuid(), token.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await revoke.ExecuteAsync(actor, Guid.NewGuid(), token.Id, Now, default)).ShouldBe(StaffRefusal.Conflict);
        (await revoke.ExecuteAsync(actor, Guid.NewGuid(), Guid.NewGuid(), Now, default)).ShouldBe(StaffRefusal.NotFound);
    }

    private async Task<int> AskAsync(string secret)
    {
        using var client = Portal.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        using var answer = await client.GetAsync("/api/v1/backoffice/changes");
        return (int)answer.StatusCode;
    }

    private async Task<IRenderedComponent<TokensPage>> DrawAsync()
    {
        await OpenAsync(Ground.Administrator, typeof(ShowTokens), typeof(CreateToken), typeof(RevokeToken));
        var page = Render<TokensPage>();
        page.WaitForElement("table");
        return page;
    }

    private async Task<IRenderedComponent<MudBlazor.MudDialogProvider>> OpenWithDialogsAsync()
    {
        await OpenAsync(Ground.Administrator, typeof(ShowTokens), typeof(CreateToken), typeof(RevokeToken));
        return Render<MudBlazor.MudDialogProvider>();
    }
}
