using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Features.Staff.Invoices;

internal static class InvoicesSetup
{
    /// <summary>What staff and the days do with invoices once they are issued.</summary>
    public static void AddInvoices(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<InvoicingOptions>(InvoicingOptions.Section).Check((o, _) => o.Datev.Validate(o.Accounts));
        services.AddSingleton<InvoiceActs>().AddSingleton<PaymentWriter>().AddSingleton<BookingLists>().AddSingleton<InvoicePageActs>();

        services.AddSingleton<RemindInvoices>();
        services.AddSingleton(new DailyJob(
            RemindInvoices.JobName, RemindInvoices.At, (sp, now, cancellation) =>
                sp.GetRequiredService<RemindInvoices>().RunAsync(now, cancellation)));
    }
}
