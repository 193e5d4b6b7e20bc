using System.Net;
using System.Text;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Reports;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

public sealed class FiguresTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task Releases_are_counted_by_day_and_way()
    {
        var before = await FiguresAsync(30);
        var license = await Portal.AddLicenseAsync(seats: 3, computers: ["A", "B", "C"]);
        await license.ReleaseAsync("A", ReleaseMethod.QrCode);
        await license.ReleaseAsync("B", ReleaseMethod.QrCode);
        await license.ReleaseAsync("C");

        var after = await FiguresAsync(30);

        after.Releases.Count.ShouldBe(30);
        after.Releases[^1].Period.First.ShouldBe(after.Releases[^1].Period.Last);
        (Of(after, ReleaseMethod.QrCode) - Of(before, ReleaseMethod.QrCode), Of(after, ReleaseMethod.ActivationKey) - Of(
            before, ReleaseMethod.ActivationKey)).ShouldBe((2, 1));
        foreach (var days in ShowFigures.Ranges)
        {
            var view = await FiguresAsync(days);
            view.Releases.Sum(r => r.Total).ShouldBeGreaterThanOrEqualTo(3);
            (view.Releases[0].Period.First, view.Releases[^1].Period.Last).ShouldBe((view.Period.First, view.Period.Last));
            view.Releases.Zip(view.Releases.Skip(1)).ShouldAllBe(pair => pair.First.Period.Last.AddDays(1) == pair.Second.Period.First);
        }

        static int Of(FiguresView view, ReleaseMethod method) => view.Releases[^1].Counts.GetValueOrDefault(method);
    }

    [Fact]
    public async Task A_case_is_what_staff_found_out_whatever_became_of_the_computer()
    {
        var before = await FiguresAsync(90);
        await Ground.LockedAsync();
        FlagCause[] causes = [FlagCause.RepairedPc, FlagCause.SecondPc, FlagCause.SecondPc, FlagCause.Other];
        foreach (var cause in causes)
        {
            await ExcludeAsync(await ResolvedAsync(cause));
        }

        var after = await FiguresAsync(90);

        Gained(before, after).ShouldBe((Open: 1, Right: 2, Wrong: 1, Undecided: 1));
        (after.Cases.New - before.Cases.New, after.Cases.Now - before.Cases.Now).ShouldBe((5, 1));
    }

    [Fact]
    public async Task A_case_of_an_earlier_release_is_right_once_the_computer_is_banned()
    {
        var before = await FiguresAsync(90);
        await ResolvedAsync(FlagCause.Other);
        await ExcludeAsync(await ResolvedAsync(FlagCause.Other));
        await using (var db = Portal.Open())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE flag SET cause = NULL WHERE cause = {FlagCause.Other.ToString()}");
        }

        var gained = Gained(before, await FiguresAsync(90));

        (gained.Right, gained.Wrong).ShouldBe((1, 1));
    }

    [Fact]
    public void Every_cause_has_a_verdict() => Enum.GetValues<FlagCause>().Select(FigureQueries.VerdictOf).Distinct()
        .ShouldBe([CaseVerdict.Wrong, CaseVerdict.Right, CaseVerdict.Undecided]);

    [Fact]
    public async Task Orders_have_their_revenue_and_the_time_to_the_license()
    {
        var before = Remedy(await FiguresAsync(30), TransferRemedy.Fee);
        var order = await Portal.AddTransferAsync();
        await Portal.AddTransferAsync();
        Portal.Clock.Advance(TimeSpan.FromHours(3));
        (await Ground.Use<SettleTransfer>().ExecuteAsync(await Ground.ActAsync(), order.Id, Now, default)).Succeeded.ShouldBeTrue();

        var view = await FiguresAsync(30);

        var after = Remedy(view, TransferRemedy.Fee);
        (after.Orders - before.Orders, after.Completed - before.Completed, after.Net.Cents - before.Net.Cents)
            .ShouldBe((2, 1, SampleTransfers.FeeCents));
        after.Median.ShouldNotBeNull().ShouldBe(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        view.Median.ShouldBe(after.Median);
        view.Orders.Now.ShouldBeGreaterThanOrEqualTo(1);

        static RemedyFigures Remedy(FiguresView view, TransferRemedy remedy) => view.Remedies.Single(r => r.Remedy == remedy);
    }

    [Theory]
    [InlineData("de", "Kennzahlen", "Freigaben; höchstens")]
    [InlineData("en", "Figures", "releases; at most")]
    public async Task The_page_draws_each_figure_with_its_finding_and_its_table(string language, string heading, string finding)
    {
        var license = await Portal.AddLicenseAsync(computers: ["A"]);
        await license.ReleaseAsync("A", ReleaseMethod.InApp);
        await Ground.LockedAsync();
        await Portal.AddTransferAsync();
        Speak(language);
        await OpenAsync(null, typeof(ShowFigures));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/staff/reports?days=90");

        var page = Render<FiguresPage>();
        page.WaitForElement("[data-outcome=figures]");

        page.Find("h1").TextContent.ShouldBe(heading);
        page.Find("a[aria-current=page]").GetAttribute("href").ShouldBe("/staff/reports?days=90");
        page.Find("#releases-chart title").TextContent.ShouldContain(finding);
        page.FindAll("#releases-chart g").Count.ShouldBe(13, "weeks");
        page.FindAll("#cases-chart .chart-bar").Count.ShouldBeGreaterThan(0);
        page.FindAll("details table").Count.ShouldBe(2);
        page.Find("a[download]").GetAttribute("href").ShouldBe("/staff/reports/export?days=90");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task The_download_is_a_list_for_all_staff_and_nobody_else()
    {
        var license = await Portal.AddLicenseAsync(computers: ["A"]);
        await license.ReleaseAsync("A", ReleaseMethod.InApp);
        using var browser = await Ground.Clerk.SignInAsync();

        using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/staff/reports/export?days=30"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var lines = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()).Split("\r\n");
        lines[0].ShouldEndWith("figure;from;to;kind;value");
        lines.ShouldContain(line => line.StartsWith("releases;", StringComparison.Ordinal) && line.Contains(";InApp;"));
        using var stranger = Portal.CreateClient();
        using var refused = await stranger.GetAsync(new Uri("/staff/reports/export", UriKind.Relative));
        refused.IsSuccessStatusCode.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData("90", 90)]
    [InlineData("365", 365)]
    [InlineData("31", 30)]
    [InlineData("-90", 30)]
    [InlineData("99999999999999999999", 30)]
    [InlineData("x", 30)]
    public void Only_the_offered_ranges_are_counted(string? asked, int days) => FiguresPage.DaysOf(asked).ShouldBe(days);

    /// <summary>The license whose case was resolved with this cause.</summary>
    private async Task<Guid> ResolvedAsync(FlagCause cause)
    {
        var (license, number) = await Ground.LockedAsync();
        var act = await Ground.ActAsync();
        (await Ground.Use<UnlockLicense>().ExecuteAsync(act, number, new(cause), Now, default)).Succeeded.ShouldBeTrue();
        return license.Id;
    }

    private async Task ExcludeAsync(Guid license)
    {
        await using var db = Portal.Open();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE activation SET state = 'Excluded' WHERE license_id = {license} AND pc_name = 'KASSE-ALT'");
    }

    private static (int Open, int Right, int Wrong, int Undecided) Gained(FiguresView before, FiguresView after)
    {
        return (Of(CaseVerdict.Open), Of(CaseVerdict.Right), Of(CaseVerdict.Wrong), Of(CaseVerdict.Undecided));

        int Of(CaseVerdict verdict) => Sum(after, verdict) - Sum(before, verdict);

        static int Sum(FiguresView view, CaseVerdict verdict) => view.Verdicts.Sum(v => v.Counts.GetValueOrDefault(verdict));
    }

    private async Task<FiguresView> FiguresAsync(int days) =>
        (await Ground.Use<ShowFigures>().ExecuteAsync(await Ground.Clerk.ActorAsync(), days, Now, default)).Value.ShouldNotBeNull();
}

/// <summary>A portal in which nothing has happened yet.</summary>
public sealed class NoFiguresTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Each_figure_says_so_in_a_sentence(string language)
    {
        Speak(language);
        await OpenAsync(null, typeof(ShowFigures));

        var page = Render<FiguresPage>();
        page.WaitForElement("[data-outcome=figures]");

        page.FindAll("svg").ShouldBeEmpty();
        page.FindAll("section > p").Count.ShouldBe(4);
        ShouldHoldNoRawKey(page.Nodes);
    }
}
