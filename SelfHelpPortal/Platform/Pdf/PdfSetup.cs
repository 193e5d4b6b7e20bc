using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Pdf;

internal static class PdfSetup
{
    /// <summary>How invoices are drawn, and that none is issued while the vendor's own font or logo cannot be used.</summary>
    public static void AddPdf(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(sp =>
            InvoiceArtwork.Open(sp.GetRequiredService<IOptions<VendorOptions>>(), sp.GetRequiredService<IHostEnvironment>()));
        services.AddSingleton<InvoiceLetters>().AddSingleton<IInvoiceRenderer, PdfInvoiceRenderer>().AddSingleton<KeyCardRenderer>();
        services.AddSingleton<InvoicingCondition>(sp => _ => sp.GetRequiredService<InvoiceArtwork>().Complaints);
    }
}
