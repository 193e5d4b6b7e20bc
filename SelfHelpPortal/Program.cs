using SelfHelpPortal.Configuration;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Account.Registrations;
using SelfHelpPortal.Features.Backoffice;
using SelfHelpPortal.Features.Customer;
using SelfHelpPortal.Features.Machine;
using SelfHelpPortal.Features.Portal;
using SelfHelpPortal.Features.Staff;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Bounces;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Hosting;

/// <summary>The table of contents: an Add… line for each area, a Use… line for each layer, a Map… line for each slice.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => AppHost.RunAsync(cancellation =>
    {
        var files = ConfigurationFiles.Read(args);
        var line = files.Arguments;
        return Commands.IsCommand(line)
            ? Commands.RunAsync(line, () => Build(files.Options([]), files.Apply), Console.Out, cancellation)
            : AppHost.ServeAsync(Build(files.Options(line), files.Apply), cancellation);
    });

    /// <summary>The services, alike for the web and for commands.</summary>
    /// <param name="options">Arguments, environment and folders of the host.</param>
    /// <param name="change">The tests' own clock, database and folders.</param>
    public static WebApplication Build(WebApplicationOptions options, Action<WebApplicationBuilder>? change = null)
    {
        var builder = WebApplication.CreateBuilder(options);
        change?.Invoke(builder);

        builder.AddConfiguration();
        builder.AddWeb();
        builder.AddWatching();
        builder.AddData();
        builder.AddSecrets();
        builder.AddSigning();
        builder.AddLimits();
        builder.AddMail();
        builder.AddBounces();
        builder.AddPdf();
        builder.AddSchedules();
        builder.AddShared();
        builder.AddAccounts();
        builder.AddRegistration();
        builder.AddCustomer();
        builder.AddPortal();
        builder.AddApi();
        builder.AddMachineApi();
        builder.AddBackofficeApi();
        builder.AddCircuits();
        builder.AddStaff();

        ConfigurationMistakes.Find(builder);
        return builder.Build();
    }

    /// <summary>What the web server adds; a command does without.</summary>
    public static void Map(WebApplication app)
    {
        app.UseWeb();

        app.MapHealth();
        app.MapWatching();
        app.MapSecurityText();
        app.MapBounces();
        app.MapApi();
        app.MapMachineApi();
        app.MapBackofficeApi();
        app.MapAccounts();
        app.MapCustomer();
        app.MapPortal();
        app.MapStaff();
        app.MapDevMail();
    }
}
