using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What staff are told on Mondays. The clock of a test begins on one.</summary>
public sealed class WeeklyDigestTests : IAsyncLifetime
{
    private const string Support = "support@muster-software.example";
    private const string Billing = "billing@muster-software.example";

    private readonly PortalFactory _portal = new();

    public Task InitializeAsync()
    {
        _portal.Configuration["Mail:StaffAlerts"] = $"{Support}, {Billing}";
        return _portal.InitializeAsync();
    }

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task A_week_is_told_once_to_each_when_it_is_over()
    {
        var license = await _portal.AddLicenseAsync(seats: 2, computers: ["A", "B"]);
        await license.ReleaseAsync("A", ReleaseMethod.QrCode);
        await license.ReleaseAsync("B");
        (await DigestsAsync(Support)).ShouldBeEmpty("the week is not over");

        _portal.Clock.Advance(TimeSpan.FromDays(8));
        // Also on a Tuesday, when nobody ran on Monday.
        var told = await DigestAsync(Support);
        (await DigestsAsync(Billing)).ShouldHaveSingleItem();
        told.Subject.ShouldContain("16.11.2026");
        told.Subject.ShouldContain("22.11.2026");
        Lines(told).ShouldContain("Freigegebene PCs: 2 (0)");
        Lines(told).ShouldContain("davon ohne Nachweis vom alten PC: 1 (0)");
        told.Text.ShouldNotContain(license.Number);

        _portal.Clock.Advance(TimeSpan.FromDays(1));
        (await DigestsAsync(Support)).Count.ShouldBe(1);

        _portal.Clock.Advance(TimeSpan.FromDays(7));
        (await DigestsAsync(Support)).Count.ShouldBe(1, "nothing came in and nothing waits");
    }

    [Fact]
    public async Task What_waits_is_told_also_after_a_quiet_week()
    {
        await _portal.AddTransferAsync();
        _portal.Clock.Advance(TimeSpan.FromDays(14));

        var told = await DigestAsync(Support);

        Lines(told).ShouldContain("Bestellte Migrationen: 0 (1)");
        Lines(told).ShouldContain("Zu prüfende Migrationen: 1");
    }

    private async Task<IReadOnlyList<ReadMail>> DigestsAsync(string address)
    {
        await _portal.Services.GetRequiredService<DailyJobs>().RunDueAsync(CancellationToken.None);
        return [.. (await _portal.MailsToAsync(address)).Where(m => m.Kind == "staff-digest")];
    }

    /// <summary>The portal's own look may have the job in hand.</summary>
    private async Task<ReadMail> DigestAsync(string address)
    {
        IReadOnlyList<ReadMail> told = [];
        await Eventually.BecomesTrueAsync(async () => (told = await DigestsAsync(address)).Count > 0);
        return told.ShouldHaveSingleItem();
    }

    private static string[] Lines(ReadMail mail) => mail.Text.Split('\n', StringSplitOptions.TrimEntries);
}
