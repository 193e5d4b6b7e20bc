using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
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
        var dialogs = Render<MudDialogProvider>();
        var parameters = new DialogParameters
        {
            [nameof(ActDialog.Name)] = "GrantRelease",
            [nameof(ActDialog.NeedsUntil)] = true,
            [nameof(ActDialog.Act)] = (string _, DateTimeOffset? until) =>
            {
                got = until;
                return Task.FromResult<StaffResult>(StaffRefusal.Until);
            },
        };
        await dialogs.InvokeAsync(
            () => Services.GetRequiredService<IDialogService>().ShowAsync<ActDialog>("", parameters, StaffDialog.Options));
        await dialogs.WaitForElement("#act-until").ChangeAsync(day);
        await dialogs.Find("form").SubmitAsync();

        // Clocks of that first day showed the sun's time, to the second.
        got.ShouldNotBeNull().ShouldBe(ends is null
            ? DateTimeOffset.MaxValue
            : DateTimeOffset.Parse(ends, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(1));
        dialogs.Find("#act-until").GetAttribute("aria-invalid").ShouldBe("true");
    }
}
