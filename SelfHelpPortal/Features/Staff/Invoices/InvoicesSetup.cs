using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Features.Staff.RemindInvoice;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Features.Staff.Invoices;

internal static class InvoicesSetup
{
    /// <summary>What staff and the days do with invoices once they are issued.</summary>
    public static void AddInvoices(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<InvoicingOptions>(InvoicingOptions.Section);
        services.AddSingleton(sp => InvoiceMails.AttachmentSource(sp.GetRequiredService<IDbContextFactory<PortalDbContext>>()));
        services.AddSingleton<InvoiceActs>().AddSingleton<InvoicePageActs>();
        services.AddSingleton<SearchInvoices>().AddSingleton<ShowInvoice>().AddSingleton<ReadInvoiceDocument>();
        services.AddSingleton<CancelInvoice.CancelInvoice>().AddSingleton<RecordPayment.RecordPayment>().AddSingleton<SendInvoiceAgain.SendInvoiceAgain>().AddSingleton<PauseReminders>().AddSingleton<PauseCustomerReminders>();
        services.AddSingleton<ExportInvoices.ExportInvoices>();

        services.AddSingleton<RemindInvoices>();
        services.AddSingleton(new DailyJob(
            RemindInvoices.JobName, RemindInvoices.At, (sp, now, cancellation) => sp.GetRequiredService<RemindInvoices>().RunAsync(now, cancellation)));
    }
}
