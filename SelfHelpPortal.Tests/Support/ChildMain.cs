using SelfHelpPortal.Tests.Platform.Mail;

namespace SelfHelpPortal.Tests.Support;

/// <summary>What needs a process with an environment of its own. Tests are run by their runner, not from here.</summary>
internal static class ChildMain
{
    private static async Task<int> Main(string[] arguments) => arguments switch
    {
        ["smtp-tls", var folder, var name] => await SmtpTlsChild.RunAsync(folder, name),
        _ => 2,
    };

    /// <returns>Exit code, and both outputs.</returns>
    public static Task<(int Exit, string Output)> StartAsync(string[] arguments, Dictionary<string, string> environment) =>
        ChildProcess.RunAsync("dotnet", [typeof(ChildMain).Assembly.Location, .. arguments], environment);
}
