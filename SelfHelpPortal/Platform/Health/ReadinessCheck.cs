namespace SelfHelpPortal.Platform.Health;

internal enum Readiness
{
    Ready,

    /// <summary>Works for the licensed software; staff should look (for instance mail that does not leave).</summary>
    Degraded,

    Unavailable,
}

/// <summary>
/// What an area wants to have looked at before requests come: register one as a singleton. An exception counts as unavailable.
/// </summary>
/// <param name="Name">For the log, and for whoever may ask for the parts; the public answer is one word.</param>
internal sealed record ReadinessCheck(string Name, Func<IServiceProvider, CancellationToken, Task<Readiness>> Ask)
{
    /// <summary>Figures for whoever may ask for the parts; they name nobody.</summary>
    public Func<IServiceProvider, CancellationToken, Task<string>>? Details { get; init; }
}
