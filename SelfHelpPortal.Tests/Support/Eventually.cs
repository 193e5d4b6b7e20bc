using System.Diagnostics;

namespace SelfHelpPortal.Tests.Support;

/// <summary>For what another thread or process does in its own time. The limit is generous and only reached by a failure.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task BecomesTrueAsync(Func<bool> condition) => BecomesTrueAsync(() => Task.FromResult(condition()));

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(Limit, "it never became true");
            await Task.Delay(20);
        }
    }
}
