using System.Diagnostics;
using System.Globalization;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Tests.Client;
using SelfHelpPortal.Tests.Features;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Platform.Mail;

namespace SelfHelpPortal.Tests.Support;

/// <summary>What needs a process with an environment of its own. Tests are run by their runner, not from here.</summary>
internal static class ChildMain
{
    private static async Task<int> Main(string[] arguments) => arguments switch
    {
        ["smtp-tls", var folder, var name, var security, var checkRevocation] =>
            await SmtpTlsChild.RunAsync(folder, name, Enum.Parse<SmtpSecurity>(security), bool.Parse(checkRevocation)),
        ["smtp-send", var port, var security, var password] => await SmtpSendChild.RunAsync(
            int.Parse(port, CultureInfo.InvariantCulture), Enum.Parse<SmtpSecurity>(security), password),
        ["mail-sender", var connection, var keys, var port, var point, var now] => await SenderChild.RunAsync(
            connection, keys, int.Parse(port, CultureInfo.InvariantCulture), Enum.Parse<CrashPoint>(point),
            DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)),
        ["issue-invoice", var connection, var secrets, var mails, var customer, var request, var point] =>
            await IssuingChild.RunAsync(
                connection, secrets, mails, Guid.Parse(customer), Guid.Parse(request), Enum.Parse<IssuingPoint>(point)),
        ["licensed-program", var state, var portal, var keys, var verb, var argument, var step] => await LicensedProgramChild.RunAsync(
            state, new Uri(portal), keys, verb, argument, int.Parse(step, CultureInfo.InvariantCulture)),
        ["settle", var connection, var secrets, var port, var point, var orders] =>
            await SettlingChild.RunAsync(
                connection, secrets, int.Parse(port, CultureInfo.InvariantCulture), Enum.Parse<SettlingPoint>(point), orders),
        ["import", var connection, var secrets, var file, var point] =>
            await ImportChild.RunAsync(connection, secrets, Guid.Parse(file), Enum.Parse<ImportingPoint>(point)),
        _ => 2,
    };

    /// <returns>Exit code, and both outputs.</returns>
    public static Task<(int Exit, string Output)> StartAsync(string[] arguments, Dictionary<string, string> environment) =>
        ChildProcess.RunAsync("dotnet", [typeof(ChildMain).Assembly.Location, .. arguments], environment);

    /// <summary>For whoever reads what it says while it runs, and ends it.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [typeof(ChildMain).Assembly.Location, .. arguments]) { RedirectStandardOutput = true })!;
}
