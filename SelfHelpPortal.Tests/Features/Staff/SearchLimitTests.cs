using System.Text.RegularExpressions;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Features.Staff;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Reports;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A search that was ended at its limit says that, and not that the database is away.</summary>
public sealed partial class SearchLimitTests : BunitContext
{
    [Fact]
    public async Task Every_list_says_that_its_search_took_too_long()
    {
        await using var portal = new PortalFactory
        {
            Change = builder => builder.Configuration["ConnectionStrings:Portal"] =
                SearchLimit().Replace(builder.Configuration["ConnectionStrings:Portal"]!, "portal.search_limit=200ms"),
        };
        await portal.InitializeAsync();
        var clerk = await (await StaffUser.CreateAsync(portal)).ActorAsync();
        await using var owner = new NpgsqlConnection(portal.Database.OwnerConnection + ";Pooling=false");
        await owner.OpenAsync();
        await using var held = new NpgsqlCommand(
            "BEGIN; LOCK TABLE activation, flag, license, customer, transfer_request, invoice IN ACCESS EXCLUSIVE MODE", owner);
        await held.ExecuteNonQueryAsync();

        (string, Func<Task<StaffRefusal?>>)[] lists =
        [
            ("releases", async () => (await Use<ListReleases>().ExecuteAsync(clerk, null, null, null, portal.Clock.Now, default)).Refused),
            ("cases", async () => (await Use<ListCases>().ExecuteAsync(clerk, null, null, null, portal.Clock.Now, default)).Refused),
            ("licenses", async () => (await Use<SearchLicenses>()
                .ExecuteAsync(clerk, "muster", new(), portal.Clock.Now, default)).Refused),
            ("customers", async () => (await Use<SearchCustomers>()
                .ExecuteAsync(clerk, "muster", new(), portal.Clock.Now, default)).Refused),
            ("transfers", async () => (await Use<SearchTransfers>()
                .ExecuteAsync(clerk, new(), "muster", new(), portal.Clock.Now, default)).Refused),
            ("invoices", async () => (await Use<SearchInvoices>()
                .ExecuteAsync(clerk, new(), "muster", null, new(), portal.Clock.Now, default)).Refused),
        ];
        foreach (var (name, search) in lists)
        {
            (await search()).ShouldBe(StaffRefusal.TookTooLong, name);
        }

        T Use<T>()
            where T : notnull => portal.Services.GetRequiredService<T>();
    }

    [Theory]
    [InlineData(StaffRefusal.TookTooLong, true)]
    [InlineData(StaffRefusal.Unavailable, true)]
    [InlineData(StaffRefusal.NotFound, false)]
    public async Task What_may_succeed_in_a_moment_can_be_tried_again_on_its_page(StaffRefusal refusal, bool canBeTriedAgain)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLocalization();
        Services.AddComponents();
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("staff/licenses?q=muster");

        var shown = Render<RefusedPage>(parameters => parameters.Add(p => p.Refusal, refusal));

        shown.FindAll("button").Count.ShouldBe(canBeTriedAgain ? 1 : 0);
        if (canBeTriedAgain)
        {
            await shown.Find("button").ClickAsync();
            var reloaded = ((BunitNavigationManager)navigation).History.First();
            (reloaded.Uri, reloaded.Options.ForceLoad).ShouldBe((navigation.Uri, true));
        }
    }

    [GeneratedRegex(@"portal\.search_limit=\w+")]
    private static partial Regex SearchLimit();
}
