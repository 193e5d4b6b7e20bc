using Bunit;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What is typed into the dialog of an act, as the act gets it.</summary>
public sealed class ActDialogTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("2026-11-21", "2026-11-21T23:00Z")]
    [InlineData("0001-01-01", "0001-01-01T23:06Z")]
    [InlineData("9999-12-31", null)]
    public async Task A_day_ends_where_the_vendor_is_also_the_first_and_the_last_there_is(string day, string? ends)
    {
        Speak("en");
        await OpenAsync(user: null);
        DateTimeOffset? got = null;
        var dialog = Render<ActDialog>(p => p.Add(x => x.Name, "GrantRelease").Add(x => x.NeedsUntil, true).Add(x => x.Act, (_, until) =>
        {
            got = until;
            return Task.FromResult<StaffResult>(StaffRefusal.Until);
        }));

        dialog.Find("#act-until").Change(day);
        await dialog.Find("form").SubmitAsync();

        // Clocks of that first day showed the sun's time, to the second.
        got.ShouldNotBeNull().ShouldBe(ends is null ? DateTimeOffset.MaxValue : DateTimeOffset.Parse(ends, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(1));
        dialog.Find("#act-until").GetAttribute("aria-invalid").ShouldBe("true");
    }
}
