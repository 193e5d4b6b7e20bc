using System.Reflection;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Forms;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Account.Pages;
using SelfHelpPortal.Features.Portal.Data;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>T26: mail gateways open links and send the forms behind them as they stand, with every button. Nothing comes of it.</summary>
public partial class UntouchedFormTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    /// <summary>Addresses that no mail carries, with the reason.</summary>
    private static readonly LinkPurpose[] NotMailed =
    [
        // Of somebody who begins something with a right key.
        LinkPurpose.ReleaseRequest, LinkPurpose.ActivationRequest, LinkPurpose.LicenseInformation, LinkPurpose.TransferDraft,
        // Of somebody who asks for another licensee.
        LinkPurpose.OwnerChange,
        LinkPurpose.LoanRequest,
        // Made on a page of staff, for their own calendar program.
        LinkPurpose.CalendarFeed,
    ];

    /// <summary>Pages behind a mailed link that are no <see cref="LinkPage"/>, with the reason.</summary>
    private static readonly Type[] OtherPages =
    [
        // A password or a code has to be typed; its forms have names of their own.
        typeof(SetUpPage),
        // Asks for the sign-in first, and has no form.
        typeof(DataLinkPage),
    ];

    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task Forms_that_are_sent_as_they_stand_change_no_row()
    {
        var links = await MailedLinks.AllAsync(_portal);
        links.Select(l => l.Purpose).Distinct().Order()
            .ShouldBe(Enum.GetValues<LinkPurpose>().Except(NotMailed), "each purpose is mailed, or listed as not mailed");
        links.Select(l => FirstWords(l.Path)).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(MailedPaths().Order(StringComparer.Ordinal), "each address that a mail carries");
        var sent = 0;
        await Background.SettleAsync(_portal);
        foreach (var link in links)
        {
            using var robot = link.Person is null ? portal.Open() : await link.Person.SignInAsync();
            await robot.GetAsync(link.Path);
            robot.Outcome.ShouldBe(link.Says, link.Path);
            var before = await Rows.ReadAsync(_portal);
            foreach (var form in robot.Page.QuerySelectorAll<IHtmlFormElement>("main form").ToList())
            {
                foreach (var button in Buttons(form))
                {
                    using var answer = await robot.PostAsync(form, button);
                    ((int)answer.StatusCode).ShouldBeLessThan(500, link.Path);
                    sent++;
                }
            }

            (await Rows.ReadAsync(_portal)).ShouldBe(before, link.Path);
        }

        sent.ShouldBeGreaterThan(links.Count);
    }

    [Fact]
    public async Task A_form_that_is_ticked_changes_rows()
    {
        foreach (var link in (await MailedLinks.AllAsync(_portal))
            .Where(l => l.Says is "confirm" or "ready" && l.Purpose is LinkPurpose.Objection or LinkPurpose.AddressOld))
        {
            using var person = portal.Open();
            await person.GetAsync(link.Path);
            var before = await Rows.ReadAsync(_portal);
            await person.SubmitAsync((ConfirmTick.FieldName, "yes"));
            (await Rows.ReadAsync(_portal)).ShouldNotBe(before, link.Path);
        }
    }

    [Fact]
    public async Task A_missing_tick_is_asked_for_and_what_was_typed_stays()
    {
        var link = (await MailedLinks.AllAsync(_portal)).Single(l => l.Purpose == LinkPurpose.Objection);
        using var browser = portal.Open("en");
        await browser.GetAsync(link.Path);
        await browser.SubmitAsync(("Message", "The PC still runs."));

        ((int)browser.Status).ShouldBe(422);
        browser.ErrorsInSummary.ShouldBe(["Tick the box to confirm"]);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Message")!.Value.ShouldBe("The PC still runs.");
        browser.Page.QuerySelector(".summary-box a")!.GetAttribute("href").ShouldBe($"#{ConfirmTick.FieldName}");
        browser.Page.QuerySelector($"#{ConfirmTick.FieldName}")!.HasAttribute("checked").ShouldBeFalse();
    }

    [Fact]
    public void Every_page_behind_a_mailed_link_asks_for_a_person()
    {
        var pages = typeof(App).Assembly.GetTypes()
            .Where(t => t.GetCustomAttributes<RouteAttribute>()
                .Any(r => r.Template.EndsWith("{Link}", StringComparison.Ordinal) && MailedPaths().Contains(FirstWords(r.Template))))
                .ToList();
        pages.Count.ShouldBeGreaterThan(8);
        pages.Where(t => !typeof(LinkPage).IsAssignableFrom(t)).ShouldBe(OtherPages, ignoreOrder: true);
    }

    [Fact]
    public void An_address_in_a_mail_is_found() => Mailed()
        .Match("Link = new OneTimeLink(address.For($\"/account/access/{token}\"), now),").Groups[1].Value.ShouldBe("/account/access/");

    /// <summary>What the code that makes addresses for mails puts before a token.</summary>
    private static List<string> MailedPaths() =>
    [
        .. Directory.EnumerateFiles(Repository.At("SelfHelpPortal"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Mailed().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct(),
    ];

    private static string FirstWords(string path) => path[..(path.LastIndexOf('/') + 1)];

    /// <summary>As a click on each button would name it.</summary>
    private static List<(string Name, string? Value)[]> Buttons(IHtmlFormElement form) =>
        [.. form.QuerySelectorAll("button").Select(b => b.GetAttribute("name") is { } name ? new[] { (name, b.GetAttribute("value")) } : [])
            .DefaultIfEmpty([])];

    [GeneratedRegex("""address\.For\(\s*\$"(/[a-z/-]+/)\{(?:token|SecretLinks\.Issue)""")]
    private static partial Regex Mailed();
}
