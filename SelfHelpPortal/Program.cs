using SelfHelpPortal.Account;
using SelfHelpPortal.Account.Circuits;
using SelfHelpPortal.CommandLine;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features;
using SelfHelpPortal.Features.Customer.ActivateOffline;
using SelfHelpPortal.Features.Customer.My;
using SelfHelpPortal.Features.Customer.My.Data;
using SelfHelpPortal.Features.Customer.My.Invoices;
using SelfHelpPortal.Features.Customer.My.Licenses;
using SelfHelpPortal.Features.Customer.My.Transfers;
using SelfHelpPortal.Features.Customer.TransferStatus;
using SelfHelpPortal.Features.Machine;
using SelfHelpPortal.Features.Staff;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Guessing;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal;

/// <summary>The table of contents: an Add… line for each area, a Use… line for each layer, a Map… line for each slice.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => Edge.RunAsync(cancellation => Commands.Mean(args)
        ? Commands.RunAsync(args, () => Build(new()), Console.Out, cancellation)
        : Edge.ServeAsync(Build(new() { Args = args }), cancellation));

    /// <summary>The services, alike for the web and for commands.</summary>
    /// <param name="options">Arguments, environment and folders of the host.</param>
    /// <param name="change">The tests' own clock, database and folders.</param>
    public static WebApplication Build(WebApplicationOptions options, Action<WebApplicationBuilder>? change = null)
    {
        var builder = WebApplication.CreateBuilder(options);
        change?.Invoke(builder);

        builder.AddConfiguration();
        builder.AddWeb();
        builder.AddData();
        builder.AddSecrets();
        builder.AddSigning();
        builder.AddGuessing();
        builder.AddMail();
        builder.AddPdf();
        builder.AddSchedules();
        builder.AddFeatures();
        builder.AddMy();
        builder.AddMachineApi();
        builder.AddAccounts();
        builder.AddCircuits();
        builder.AddStaff();

        return builder.Build();
    }

    /// <summary>What the web server adds; a command does without.</summary>
    public static void Map(WebApplication app)
    {
        app.UseWeb();

        app.MapHealth();
        app.MapSecurityText();
        app.MapPasskeys();
        app.MapMachineApi();
        app.MapLicenseFile();
        app.MapTransferFiles();
        app.MapMyLicenseFile();
        app.MapMyTransferFiles();
        app.MapMyInvoices();
        app.MapInvoiceDownloads();
        app.MapAuditExport();
        app.MapStaffTheme();
        app.MapDataDownload();
        app.MapDevMail();
    }
}
