using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Tests.Pages;

public class KitTests : KitContext
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 21, 7, 14, 0, TimeSpan.Zero);

    [Fact]
    public void A_page_is_one_main_with_one_heading_and_its_outcome()
    {
        var main = Element<Page>(p => p.Add(f => f.Heading, "Lizenz freigeben").Add(f => f.BackTo, "/release")
            .Add(f => f.Step, "Schritt 2 von 5").Add(f => f.Outcome, "confirm").AddChildContent("<p>Inhalt</p>"));

        main.TagName.ShouldBe("MAIN");
        main.Id.ShouldBe("main");
        main.QuerySelector("div.form-page")!.GetAttribute("data-outcome").ShouldBe("confirm");
        main.QuerySelectorAll("h1").ShouldHaveSingleItem().TextContent.ShouldBe("Lizenz freigeben");
        main.QuerySelector(".back a")!.GetAttribute("href").ShouldBe("/release");
        main.QuerySelector(".step")!.TextContent.ShouldBe("Schritt 2 von 5");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_icon_is_lines_in_the_color_of_the_words_that_nothing_reads_out(IconShape shape)
    {
        var icon = Element<Icon>(p => p.Add(i => i.Shape, shape));

        (icon.TagName.ToUpperInvariant(), icon.ClassName).ShouldBe(("SVG", "icon"));
        icon.GetAttribute("aria-hidden").ShouldBe("true");
        var drawn = icon.QuerySelectorAll("path").ShouldHaveSingleItem();
        drawn.GetAttribute("d")!.ShouldStartWith("M");
        icon.QuerySelectorAll("[style], [fill], [stroke]").ShouldBeEmpty("site.css draws it");
    }

    public static TheoryData<IconShape> Shapes => [.. Enum.GetValues<IconShape>()];

    [Fact]
    public void Who_helps_stands_after_the_form_and_only_where_it_is_wanted()
    {
        var with = Element<Page>(p => p.Add(f => f.Heading, "Schlüssel").Add(f => f.HasHelp, true));
        with.Children[^1].QuerySelector("a[href^='tel:']").ShouldNotBeNull();
        with.QuerySelector(".form-page a").ShouldBeNull();

        Element<Page>(p => p.Add(f => f.Heading, "Schlüssel")).Children.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_heading_that_is_drawn_elsewhere_still_names_the_page()
    {
        var page = Render<Page>(p => p.Add(f => f.Heading, "Ihr Aktivierungs\u00ADschlüssel").Add(f => f.HeadingInContent, true));

        page.FindAll("h1").ShouldBeEmpty();
        Title(page).ShouldBe("Ihr Aktivierungsschlüssel – Lizenz-Selbsthilfe");
    }

    [Fact]
    public void The_title_says_first_that_something_is_wrong()
    {
        var errors = new FormErrors();
        errors.Add("ActivationKey", "Geben Sie Ihren Aktivierungsschlüssel ein");

        var page = Render<Page>(p => p.Add(f => f.Heading, "Schlüssel").Add(f => f.Errors, errors));

        Title(page).ShouldBe("Fehler: Schlüssel – Lizenz-Selbsthilfe");
        page.Find(".form-page").Children[0].ClassList.ShouldContain("summary-box");
    }

    [Fact]
    public void Buttons_name_what_they_do()
    {
        var button = Element<Button>(
            p => p.Add(b => b.Kind, ButtonKind.Quiet).Add(b => b.Name, "act").Add(b => b.Value, "save").AddChildContent("Speichern"));
        button.GetAttribute("type").ShouldBe("submit");
        button.GetAttribute("name").ShouldBe("act");
        button.GetAttribute("value").ShouldBe("save");
        button.ClassName.ShouldBe("button button-quiet");

        var link = Element<ButtonLink>(p => p.Add(b => b.Href, "/release").AddChildContent("Weiter"));
        link.TagName.ShouldBe("A");
        link.ClassName.ShouldBe("button");
    }

    [Fact]
    public void A_summary_list_lets_each_line_be_changed()
    {
        var list = Element<SummaryList>(
            p => p.Add(l => l.Rows, [new SummaryRow("Produkt", "BeamAlign", "/change"), new SummaryRow("Plätze", "1 von 2")]));

        list.TagName.ShouldBe("DL");
        list.QuerySelectorAll("dt").Select(key => key.TextContent).ShouldBe(["Produkt", "Plätze"]);
        list.QuerySelectorAll("a").ShouldHaveSingleItem().TextContent.ShouldBe("Ändern (Produkt)");
    }

    [Fact]
    public void A_panel_announces_the_outcome()
    {
        var panel = Element<Panel>(
            p => p.Add(x => x.Heading, "Lizenz freigegeben").Add(x => x.Outcome, "released").Add(x => x.Reference, "M-7F3K-20"));

        panel.GetAttribute("data-outcome").ShouldBe("released");
        panel.QuerySelector("h1")!.TextContent.ShouldBe("Lizenz freigegeben");
        panel.QuerySelector(".panel-reference .code")!.TextContent.ShouldBe("M-7F3K-20");
    }

    [Theory]
    [InlineData(NoticeKind.Info, "Hinweis:")]
    [InlineData(NoticeKind.Warn, "Achtung:")]
    [InlineData(NoticeKind.Danger, "Wichtig:")]
    public void A_notice_starts_with_a_word(NoticeKind kind, string word)
    {
        var notice = Element<Notice>(p => p.Add(n => n.Kind, kind).AddChildContent("Text"));

        notice.TextContent.TrimStart().ShouldStartWith(word);
        notice.HasAttribute("role").ShouldBeFalse();
    }

    [Fact]
    public void A_state_is_a_word()
    {
        Element<StatusTag>(p => p.Add(t => t.Status, LicenseState.Locked)).TextContent.ShouldBe("Gesperrt");
        Speak("en");
        Element<StatusTag>(p => p.Add(t => t.Status, LicenseState.Locked)).TextContent.ShouldBe("Locked");
    }

    [Fact]
    public void A_timeline_tells_the_newest_first()
    {
        var list =
            Element<Timeline>(
                p => p.Add(t => t.Entries,
                    [new TimelineEntry(Morning, "Aktiviert", "Software"),
                        new TimelineEntry(Morning.AddDays(1), "Freigegeben", "Kunde", "Defekt")]));

        list.TagName.ShouldBe("OL");
        list.QuerySelectorAll("li strong").Select(title => title.TextContent).ShouldBe(["Freigegeben", "Aktiviert"]);
        list.QuerySelectorAll("time").ShouldAllBe(time => time.HasAttribute("datetime"));
    }

    [Fact]
    public void A_table_sorts_by_links()
    {
        IReadOnlyList<DataColumn<int>> columns =
        [
            new("Name", row => builder => builder.AddContent(0, $"PC {row}"), SortKey: "name", Heads: true),
            new("Zahl", row => builder => builder.AddContent(0, row), SortKey: "number", Numeric: true),
        ];
        Services.GetRequiredService<NavigationManager>().NavigateTo("/list?sort=name&page=3");

        var table = Render<DataTable<int>>(p => p.Add(t => t.Caption, "PCs").Add(t => t.Columns, columns).Add(t => t.Rows, [1, 2])
            .Add(t => t.Sort, "name").Add(t => t.Page, 3).Add(t => t.Pages, 9));

        var region = table.Find("[role=region]");
        region.GetAttribute("tabindex").ShouldBe("0");
        region.GetAttribute("aria-label").ShouldBe("PCs");
        table.Find("caption").TextContent.ShouldBe("PCs");
        table.FindAll("thead th").Select(head => head.GetAttribute("aria-sort")).ShouldBe(["ascending", null]);
        table.FindAll("thead a").Select(link => link.GetAttribute("href")).ShouldBe(["/list?sort=-name", "/list?sort=number"]);
        table.FindAll("tbody th[scope=row]").Select(cell => cell.TextContent).ShouldBe(["PC 1", "PC 2"]);
        table.Find("nav [aria-current=page]").TextContent.ShouldBe("Seite 3");
        table.FindAll("nav a").Select(link => link.GetAttribute("href")).ShouldBe(
            ["/list?sort=name&page=2", "/list?sort=name", "/list?sort=name&page=2", "/list?sort=name&page=3", "/list?sort=name&page=4",
                "/list?sort=name&page=9", "/list?sort=name&page=4"]);
    }

    [Fact]
    public void An_empty_list_is_a_sentence() =>
        Element<EmptyState>(p => p.Add(e => e.Text, "Keine Auffälligkeiten.").Add(e => e.ActionTo, "/staff")
            .Add(e => e.ActionText, "Alle ansehen")).QuerySelector("a")!.TextContent.ShouldBe("Alle ansehen");

    [Theory]
    [InlineData("de", "21.11.2026, 08:14 Uhr", "21.11.2026")]
    [InlineData("en", "21 Nov 2026, 08:14 (Europe/Berlin)", "21 Nov 2026")]
    public void A_date_is_told_in_the_readers_words_and_the_vendors_zone(string language, string both, string day)
    {
        Speak(language);

        var time = Element<DateText>(p => p.Add(d => d.Value, Morning));
        time.TextContent.ShouldBe(both);
        time.GetAttribute("datetime").ShouldBe("2026-11-21T07:14:00Z");
        Element<DateText>(p => p.Add(d => d.Value, Morning).Add(d => d.DateOnly, true)).TextContent.ShouldBe(day);
    }

    [Fact]
    public void Keys_and_names_show_only_their_ends()
    {
        Element<KeyText>(p => p.Add(k => k.LastFive, "PP7FH")).TextContent.ShouldBe("…PP7FH");
        Element<PcName>(p => p.Add(k => k.Name, "KASSE-ALT")).TextContent.ShouldBe("KA…T");
        Element<PcName>(p => p.Add(k => k.Name, "PC")).TextContent.ShouldBe("P…");
        Element<PcName>(p => p.Add(k => k.Name, null)).TextContent.ShouldBe("–");
    }

    [Fact]
    public void Details_are_native() =>
        Element<Details>(p => p.Add(d => d.Summary, "Wo finde ich den Schlüssel?").AddChildContent("Dort.")).Children[
            0].TagName.ShouldBe("SUMMARY");

    [Fact]
    public void The_copy_button_waits_for_its_script()
    {
        var button = Element<CopyButton>(p => p.Add(b => b.For, "reference"));

        button.HasAttribute("hidden").ShouldBeTrue();
        button.GetAttribute("data-copy").ShouldBe("reference");
        button.GetAttribute("data-done").ShouldBe("Kopiert");
    }

    private string Title(IRenderedComponent<Page> page) => Render(page.FindComponent<PageTitle>().Instance.ChildContent!).Markup;
}
