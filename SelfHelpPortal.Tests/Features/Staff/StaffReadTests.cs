using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

public class StaffReadTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task A_license_is_found_by_each_of_its_names_and_never_shows_its_key()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var view = await ShowAsync(license.Number);
        foreach (var term in (string[])[license.Number, license.Number.ToLowerInvariant(), license.LastFive,
            license.LastFive.ToLowerInvariant(), license.Key, view.CustomerNumber])
        {
            var found = await SearchAsync(term);
            found.Licenses.ShouldContain(l => l.Number == license.Number, term);
        }

        (await SearchAsync("muster gastro")).Licenses.ShouldContain(l => l.Customer == "Muster Gastro GmbH");
        (await SearchAsync("100 % nichts_davon")).Licenses.ShouldBeEmpty();
        SearchLicenses.Clean(license.Key).ShouldBe(license.LastFive);
        System.Text.Json.JsonSerializer.Serialize(view).ShouldNotContain(license.Key[..11]);
    }

    [Fact]
    public async Task The_list_goes_back_and_forth_without_losing_a_license()
    {
        var company = await Portal.AddLicenseAsync(computers: []);
        var customer = (await ShowAsync(company.Number)).CustomerNumber;
        var added = new List<SampleLicense> { company };
        for (var i = 0; i < SearchLicenses.PageSize + 3; i++)
        {
            added.Add(await Portal.AddLicenseAsync(computers: []));
        }

        // The list goes by the time in the ids; those of one millisecond have an order by chance.
        var all = added.OrderByDescending(l => l.Id).Select(l => l.Number).ToList();

        var first = await SearchAsync("");
        first.Licenses.Select(l => l.Number).ShouldBe(all.Take(SearchLicenses.PageSize));
        (first.HasNewer, first.HasOlder).ShouldBe((false, true));
        var second = await SearchAsync("", new SearchPlace(first.Licenses[^1].Number, null));
        second.Licenses[0].Number.ShouldBe(all[SearchLicenses.PageSize]);
        second.HasNewer.ShouldBeTrue();
        var back = await SearchAsync("", new SearchPlace(null, second.Licenses[0].Number));
        back.Licenses.Select(l => l.Number).ShouldBe(first.Licenses.Select(l => l.Number));
        (back.HasNewer, back.HasOlder).ShouldBe((false, true));
        (await SearchAsync(customer)).Licenses.ShouldHaveSingleItem().Number.ShouldBe(company.Number);
    }

    [Fact]
    public async Task Searching_without_end_is_stopped()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var actor = await clerk.ActorAsync();
        var refused = 0;
        for (var i = 0; i < 305; i++)
        {
            refused += (await ground.Use<SearchLicenses>()
                .ExecuteAsync(actor, $"A{i:D4}", default, Now, default)).Refused == StaffRefusal.TooManyLookUps ? 1 : 0;
        }

        refused.ShouldBe(5);
    }

    [Fact]
    public async Task A_case_tells_what_was_seen()
    {
        var (license, number) = await ground.LockedAsync();

        var flag = (await ground.Use<ShowFlag>().ExecuteAsync(await ground.Clerk.ActorAsync(), number, Now, default)).Value!;

        (flag.Kind, flag.Stage, flag.State, flag.LicenseState)
            .ShouldBe((FlagKind.Sighting, FlagStage.LicenseLocked, FlagState.Open, LicenseState.Locked));
        flag.LicenseNumber.ShouldBe(license.Number);
        var seen = flag.Computers.ShouldHaveSingleItem();
        (seen.PcName, seen.TimesSeen, seen.TakenBy).ShouldBe(("KASSE-ALT", 1, "KASSE-NEU"));
        (await ground.Use<ShowFlag>()
            .ExecuteAsync(await ground.Clerk.ActorAsync(), "F-999999", Now, default)).Refused.ShouldBe(StaffRefusal.NotFound);
    }

    private async Task<LicenseView> ShowAsync(string number) =>
        (await ground.Use<ShowLicense>().ExecuteAsync(await ground.Clerk.ActorAsync(), number, Now, default)).Value!;

    private async Task<SearchView> SearchAsync(string term, SearchPlace place = default) =>
        (await ground.Use<SearchLicenses>().ExecuteAsync(await ground.Clerk.ActorAsync(), term, place, Now, default)).Value!;
}
