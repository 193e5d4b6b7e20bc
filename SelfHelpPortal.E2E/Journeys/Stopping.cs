using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

[Collection(InSecondChromium.Name)]
public sealed class Stopping(Chromium chromium)
{
    private const int Pages = 10;

    [Fact]
    public async Task Open_staff_pages_that_reconnect_do_not_hold_a_stopping_portal()
    {
        await using var people = chromium.Begin();
        var portal = new RunningPortal();
        await portal.InitializeAsync();
        try
        {
            var first = await people.OpenAsync(portal.Address, 1280);
            await StaffDesk.SignInAsync(first, portal, "night@example.org");
            var sockets = 0;
            for (var i = 0; i < Pages; i++)
            {
                var page = await first.Context.NewPageAsync();
                page.WebSocket += (_, _) => Interlocked.Increment(ref sockets);
                var opened = page.WaitForWebSocketAsync();
                await page.GotoAsync("/staff");
                await Expect(page.Locator("[data-outcome=desk]")).ToBeVisibleAsync();
                await opened;
            }

            var stopping = Stopwatch.StartNew();
            await portal.Portal.App.StopAsync();

            sockets.ShouldBeGreaterThanOrEqualTo(Pages);
            // Without the gate the pages slip in again and hold the host until its patience ends.
            stopping.Elapsed.ShouldBeLessThan(portal.Portal.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        }
        finally
        {
            await portal.DisposeAsync();
        }
    }
}
