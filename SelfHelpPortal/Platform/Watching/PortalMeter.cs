using System.Diagnostics.Metrics;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Platform.Watching;

/// <summary>
/// What is counted about the portal's own work, beside what the framework and the driver count. Labels are words of ours, few and never
/// about somebody.
/// </summary>
internal static class PortalMeter
{
    public const string Name = "SelfHelpPortal";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> CheckIns = Meter.CreateCounter<long>("checkin.answers",
        description: "Answers to check-ins, by code.");
    private static readonly Counter<long> Events =
        Meter.CreateCounter<long>("license.events", description: "What happened to licenses, flags, orders and invoices, by type.");

    private static readonly Counter<long> Releases = Meter.CreateCounter<long>("license.releases", description: "Releases, by way.");
    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("job.runs",
        description: "Runs of daily jobs, by job and outcome.");
    private static readonly Histogram<double> JobTimes =
        Meter.CreateHistogram<double>("job.duration", "s", "How long runs of daily jobs took, by job.");

    public static void CheckedIn(string code) => CheckIns.Add(1, Label("code", code));

    public static void Happened(string type) => Events.Add(1, Label("type", type));

    public static void Released(string way) => Releases.Add(1, Label("way", way));

    public static void JobRan(string job, bool succeeded, TimeSpan time)
    {
        Jobs.Add(1, Label("job", job), Label("outcome", succeeded ? "done" : "failed"));
        JobTimes.Record(time.TotalSeconds, Label("job", job));
    }

    /// <summary>
    /// Everything begins at zero: a series that appears with its first event shows no increase, and an alarm would miss exactly that one.
    /// </summary>
    public static void Begin(IEnumerable<string> jobs)
    {
        foreach (var code in Enum.GetValues<CheckInCode>())
        {
            CheckIns.Add(0, Label("code", code.Wire()));
        }

        foreach (var type in Enum.GetValues<EventKind>().Select(EventTypes.Of).OfType<string>())
        {
            Events.Add(0, Label("type", type));
        }

        foreach (var way in Enum.GetNames<ReleaseMethod>())
        {
            Releases.Add(0, Label("way", way));
        }

        foreach (var job in jobs)
        {
            Jobs.Add(0, Label("job", job), Label("outcome", "done"));
            Jobs.Add(0, Label("job", job), Label("outcome", "failed"));
        }
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
