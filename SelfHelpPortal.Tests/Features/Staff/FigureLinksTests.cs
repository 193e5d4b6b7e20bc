using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Features.Staff.Reports;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Each number of the figures leads to the list of what it counts.</summary>
public sealed class FigureLinksTests(StaffGround ground) : StaffPageContext(ground)
{
    /// <summary>Each list that a figure leads to; a row of its table is one of what is counted.</summary>
    private static readonly Dictionary<string, Type> Lists = new()
    {
        ["/staff/reports/cases"] = typeof(CasesPage),
        ["/staff/reports/releases"] = typeof(ReleasesPage),
        ["/staff/transfers"] = typeof(TransfersPage),
        ["/staff/mails"] = typeof(MailsPage),
        ["/staff/invoices"] = typeof(InvoicesPage),
        ["/staff/appointments"] = typeof(AppointmentsPage),
    };

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task A_number_leads_to_as_many_lines()
    {
        await FillAsync();
        Portal.Clock.Advance(TimeSpan.FromDays(40));
        await FillAsync();
        Speak("en");
        await OpenAsync(
            null, typeof(ShowFigures), typeof(ListCases), typeof(ListReleases), typeof(SearchTransfers), typeof(SearchMails),
            typeof(ResumeMails), typeof(SearchInvoices), typeof(ListAppointments), typeof(CreateCalendarFeed));

        foreach (var days in ShowFigures.Ranges)
        {
            var links = await FiguresAsync(days);

            // The median and the trends say something else than how many there are.
            links.Count(l => l.Count is not null).ShouldBeGreaterThan(12);
            foreach (var (address, count) in links)
            {
                var lines = Open(address);
                (address, lines).ShouldBe((address, count ?? lines));
            }
        }

        // Without days, what has no day yet must not stand in the way.
        foreach (var path in Lists.Keys)
        {
            Open(path);
        }

        Open("/staff/reports/releases").ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-30", 30)]
    [InlineData("2026-11-16", "2026-11-16", 1)]
    [InlineData("2026-11-17", "2026-11-16", null)]
    [InlineData("2026-11-01", null, null)]
    [InlineData(null, "2026-11-30", null)]
    [InlineData("1.11.2026", "30.11.2026", null)]
    [InlineData("2026-02-30", "2026-03-30", null)]
    [InlineData("0001-01-01", "9999-12-31", 3652059)]
    public void Days_of_an_address_are_two_days_in_their_order(string? from, string? to, int? days) =>
        (DayRange.Of(from, to)?.Days).ShouldBe(days);

    [Theory]
    [InlineData("/staff/reports/cases")]
    [InlineData("/staff/reports/releases")]
    [InlineData("/staff/transfers")]
    [InlineData("/staff/mails")]
    [InlineData("/staff/invoices")]
    [InlineData("/staff/appointments")]
    public async Task A_list_holds_for_any_days_and_words(string path)
    {
        Speak("de");
        await OpenAsync(
            null, typeof(ListCases), typeof(ListReleases), typeof(SearchTransfers), typeof(SearchMails), typeof(ResumeMails),
            typeof(SearchInvoices), typeof(ListAppointments), typeof(CreateCalendarFeed));
        foreach (var query in (string[])
            [
                "from=0001-01-01&to=9999-12-31", "from=x&to=y", "from=2026-11-01&to=2026-11-30&show=none&by=none&state=none&remedy=none",
                "from=2026-11-01&to=2026-11-30&show=99&by=99&state=99&remedy=99&older=none&before=none", "older=%00&before=%00",
            ])
        {
            Open($"{path}?{query}");
        }
    }

    /// <summary>Some of everything that is counted.</summary>
    private async Task FillAsync()
    {
        var license = await Portal.AddLicenseAsync(seats: 3, computers: ["A", "B", "C"]);
        await license.ReleaseAsync("A", ReleaseMethod.QrCode);
        await license.ReleaseAsync("B", ReleaseMethod.QrCode);
        await license.ReleaseAsync("C");
        // Its seat is free, and it goes on beside the new one: no release yet.
        await (await Portal.AddLicenseAsync(computers: ["D"])).ReleaseAsync("D", ReleaseMethod.Account, Now.AddDays(7));
        await Ground.LockedAsync();
        foreach (var cause in (FlagCause[])[FlagCause.RepairedPc, FlagCause.SecondPc, FlagCause.SecondPc, FlagCause.Other])
        {
            var (_, number) = await Ground.LockedAsync();
            (await Ground.Use<UnlockLicense>().ExecuteAsync(await Ground.ActAsync(), number, new(cause), Now, default))
                .Succeeded.ShouldBeTrue();
        }

        var order = await Portal.AddTransferAsync();
        await Portal.AddTransferAsync();
        await Portal.AddAppointmentAsync();
        (await Ground.Use<SettleTransfer>().ExecuteAsync(await Ground.ActAsync(), order.Id, Now, default)).Succeeded.ShouldBeTrue();
    }

    /// <summary>The links of the page, each with its number; null where the text is no number.</summary>
    private async Task<IReadOnlyList<(string Address, int? Count)>> FiguresAsync(int days)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/staff/reports?days={days}");
        var page = Render<FiguresPage>();
        await page.WaitForElementAsync("[data-outcome=figures]");
        return
        [
            .. page.FindAll(".figures a, td a, section > p > a").Select(link =>
            {
                var text = (link.QuerySelector("strong") ?? link).TextContent;
                return (link.GetAttribute("href")!, int.TryParse(text, CultureInfo.InvariantCulture, out var count) ? count : (int?)null);
            }),
        ];
    }

    /// <summary>How many lines the list has.</summary>
    private int Open(string address)
    {
        var path = address.Split('?')[0];
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = Render(builder =>
        {
            builder.OpenComponent(0, Lists[path]);
            builder.CloseComponent();
        });
        page.WaitForElement("[data-outcome]");
        ShouldHoldNoRawKey(page.Nodes);
        return page.FindAll("tbody tr").Count;
    }
}
