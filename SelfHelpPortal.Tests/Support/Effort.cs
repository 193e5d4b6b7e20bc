namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// How much a test repeats. The usual run draws a sample; <c>SELFHELP_LONG=1</c> takes all that is worth trying;
/// <c>SELFHELP_EFFORT=short</c> is for a run that is itself repeated for each mutant, where a test that notices late costs hours.
/// </summary>
internal static class Effort
{
    /// <summary>What the usual count is divided by when each test runs thousands of times.</summary>
    private const int ShortDivisor = 20;

    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("SELFHELP_LONG") == "1";

    public static bool IsShort { get; } = Environment.GetEnvironmentVariable("SELFHELP_EFFORT") == "short";

    /// <param name="usual">How often in the usual run.</param>
    /// <param name="whenLong">How often in the long run; as usual where it is left out.</param>
    public static int Times(int usual, int? whenLong = null)
    {
        if (IsLong)
        {
            return whenLong ?? usual;
        }

        return IsShort ? Math.Max(1, usual / ShortDivisor) : usual;
    }

    /// <summary>Cases of which each costs a process: a few in the usual run, others every time; all in the long one.</summary>
    public static IReadOnlyList<T> SomeOf<T>(int usual, IReadOnlyList<T> all, Seeded? random = null)
    {
        random ??= new Seeded();
        return IsLong ? all : [.. all.OrderBy(_ => random.Below(int.MaxValue)).Take(usual)];
    }
}
