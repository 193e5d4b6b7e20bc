using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Bench;

/// <summary>Writes <see cref="InvoiceSet"/> as files: XML, PDF and a manifest of what they must say.</summary>
internal static class InvoiceSetFiles
{
    /// <returns>The exit code: 0 when every invoice keeps every rule.</returns>
    public static async Task<int> WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var environment = WebApplication.CreateEmptyBuilder(new()).Environment;
        var renderer = new PdfInvoiceRenderer(InvoiceArtwork.Open(Options.Create(new VendorOptions()), environment));
        var manifest = new StringBuilder("seed;name;number;kind;case;format;language;lines;rate;net;vat;gross;due\n");
        var broken = 0;
        foreach (var (seed, name, content, evidence, net, vat, gross) in InvoiceSet.All)
        {
            var xml = CiiWriter.Write(content);
            var isAttached = content.Format == InvoiceFormat.Zugferd;
            var pdf = renderer.Render(content, isAttached ? xml : ReadOnlyMemory<byte>.Empty);
            foreach (var rule in InvoiceRules.Check(xml, evidence).Concat(InvoicePdfRules.Check(pdf, xml, isAttached)))
            {
                broken++;
                await Console.Error.WriteLineAsync($"{name}: {rule.Id} {rule.English}");
            }

            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".pdf"), pdf);
            if (content.Format != InvoiceFormat.PlainPdf)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name + ".xml"), xml);
            }

            manifest.Append(
                CultureInfo.InvariantCulture,
                $"{seed};{name};{content.Number};{content.Kind};{content.Vat.Case};{content.Format};{content.Language};"
                    + $"{content.Lines.Count};{content.Vat.Rate:0.00};{Euros(net)};{Euros(vat)};{Euros(gross)};{Euros(gross)}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.csv"), manifest.ToString());
        Console.WriteLine($"{InvoiceSet.Count} invoices in {folder}, {broken} broken rules");
        return broken == 0 ? 0 : 1;
    }

    private static string Euros(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
