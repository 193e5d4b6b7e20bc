using System.Diagnostics;

namespace SelfHelpPortal.Tests.Support;

/// <summary>For what another thread or process does in its own time. The limit is that of <see cref="WaitLimits"/>.</summary>
internal static class Eventually
{
    public static Task BecomesTrueAsync(Func<bool> condition) => BecomesTrueAsync(() => Task.FromResult(condition()));

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(WaitLimits.Wait, "it never became true");
            await Task.Delay(20);
        }
    }
}
