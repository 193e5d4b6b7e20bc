using System.Diagnostics;
using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>The licensed program as a process of its own, which dies by SIGKILL at the step it is told, without any clean-up.</summary>
internal static class LicensedProgramChild
{
    public const string PcName = "KILLED";

    public static IReadOnlyDictionary<string, string> Parts { get; } = HardwareComponents.Kinds.ToDictionary(
        kind => kind, kind => kind == HardwareComponents.Mac ? "001122AABBCC" : $"{kind} of {PcName}");

    /// <param name="step">The step, counted from 0, that is not outlived; none of them is if there are fewer.</param>
    public static async Task<int> RunAsync(string state, Uri portal, string keys, string verb, string argument, int step)
    {
        var steps = 0;
        using var client = new LicenseClient(new()
        {
            Portal = portal,
            Product = "beamalign",
            VerificationKeys = await File.ReadAllTextAsync(keys),
            StateFile = state,
            PcName = PcName,
            Hardware = () => Parts,
            Clock = () => TestClock.Start,
            Step = name =>
            {
                Console.WriteLine(name);
                if (steps++ == step)
                {
                    Process.GetCurrentProcess().Kill();
                    Thread.Sleep(Timeout.Infinite);
                }
            },
        });
        var result = verb switch
        {
            "activate" => await client.ActivateAsync(argument),
            "release" => await client.ReleaseAsync(),
            "release-offline" => client.ReleaseOffline(argument),
            _ => throw new ArgumentException(verb),
        };
        Console.WriteLine(result.Code);
        return 0;
    }
}
