using System.Globalization;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// How long a test waits for what another thread or process does in its own time: generous, since only a failure ever reaches it, and
/// longer on a machine that is busy when the tests start. <c>SELFHELP_WAIT</c> (a factor like 3) makes all of it longer.
/// </summary>
internal static class WaitLimits
{
    private static readonly double Factor = Asked() * Math.Clamp(Load() / Environment.ProcessorCount, 1, 10);

    /// <summary>For one thing to happen: an answer, a line of output, a state. A minute on a quiet machine.</summary>
    public static TimeSpan Wait { get; } = TimeSpan.FromMinutes(1) * Factor;

    /// <summary>For a lot to end: a program with all its work, a restart. Five minutes on a quiet machine.</summary>
    public static TimeSpan LongWait { get; } = 5 * Wait;

    private static double Asked() =>
        double.TryParse(Environment.GetEnvironmentVariable("SELFHELP_WAIT"), CultureInfo.InvariantCulture, out var factor) && factor > 0
            ? factor
            : 1;

    /// <returns>How many processes want to run on average, where the system tells.</returns>
    private static double Load()
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File)
            && double.TryParse(System.IO.File.ReadAllText(File).Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : 1;
    }
}
