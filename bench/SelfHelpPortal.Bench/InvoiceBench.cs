using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Bench;

/// <summary>
/// Invoices as XML and PDF, kept as files, against compressing, hashing and writing what they consist of, in rounds that take turns. A
/// second is one that a core has computed for this process, collecting its garbage included: the figures hardly change with what else the
/// machine does.
/// </summary>
internal static class InvoiceBench
{
    private const double GoalPerSecond = 200;
    private const double GoalRatio = 0.25;
    private const int MostBytes = 60 * 1024;

    public static int Run(int rounds, int invoices)
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-bench-");
        try
        {
            var environment = WebApplication.CreateEmptyBuilder(new()).Environment;
            var renderer = new PdfInvoiceRenderer(InvoiceArtwork.Open(Options.Create(new VendorOptions()), environment));
            var sample = Make(renderer, Invoice(1));
            byte[][] parts = [.. PartsOf(sample.Pdf)];

            // Until the code that runs has been compiled for speed.
            _ = (Issue(renderer, folder, invoices), Ceiling(parts, sample.Xml, folder, invoices));
            Console.WriteLine(
                $"{rounds} rounds of {invoices} invoices; one has {sample.Pdf.Length:N0} bytes of PDF, {sample.Xml.Length:N0} of XML in "
                    + $"it");
            Console.WriteLine("| round | invoices/s | ceiling/s | ratio | load average |");
            Console.WriteLine("|---|---|---|---|---|");
            List<(double Invoices, double Ceiling)> measured = [];
            long allocated = 0;
            for (var round = 1; round <= rounds; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var drawn = Issue(renderer, folder, invoices);
                allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / invoices;
                measured.Add((drawn, Ceiling(parts, sample.Xml, folder, invoices)));
                Print(round.ToString(CultureInfo.InvariantCulture), measured[^1], File.ReadAllText("/proc/loadavg").Split(' ')[0]);
            }

            var ratios = measured.Select(m => m.Invoices / m.Ceiling).Order().ToArray();
            (double Invoices, double Ceiling) median = (Median(measured.Select(m => m.Invoices)), Median(measured.Select(m => m.Ceiling)));
            Print("median", median, "");
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ratio {ratios[rounds / 2]:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00}), goal {GoalRatio:0.00}; goal {GoalPerSecond:0} a "
                    + $"second; {allocated / 1024:N0} KB allocated for each, {process.PeakWorkingSet64 / (1024 * 1024):N0} MB at most in "
                        + $"use"));
            return median.Invoices >= GoalPerSecond && ratios[rounds / 2] >= GoalRatio && sample.Pdf.Length <= MostBytes ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Issue(PdfInvoiceRenderer renderer, DirectoryInfo folder, int invoices) => PerSecond(invoices, i =>
    {
        var (xml, pdf) = Make(renderer, Invoice(i));
        Keep(folder, xml, pdf);
    });

    /// <summary>The same streams compressed one by one, the files hashed and written: what no writer of such files can leave out.</summary>
    private static double Ceiling(byte[][] parts, byte[] xml, DirectoryInfo folder, int invoices) => PerSecond(invoices, _ =>
    {
        using var file = new MemoryStream();
        foreach (var part in parts)
        {
            using var zlib = new ZLibStream(file, CompressionLevel.Optimal, leaveOpen: true);
            zlib.Write(part);
        }

        Keep(folder, xml, file.ToArray());
    });

    private static (byte[] Xml, byte[] Pdf) Make(PdfInvoiceRenderer renderer, InvoiceContent invoice)
    {
        var xml = CiiWriter.Write(invoice);
        return (xml, renderer.Render(invoice, xml));
    }

    private static void Keep(DirectoryInfo folder, byte[] xml, byte[] pdf)
    {
        _ = (SHA256.HashData(xml), SHA256.HashData(pdf));
        File.WriteAllBytes(Path.Combine(folder.FullName, "invoice.pdf"), pdf);
        File.WriteAllBytes(Path.Combine(folder.FullName, "invoice.xml"), xml);
    }

    private static double PerSecond(int times, Action<int> act)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 1; i <= times; i++)
        {
            act(i);
        }

        return times / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>What is compressed in each invoice anew; the color profile is not.</summary>
    private static IEnumerable<byte[]> PartsOf(byte[] pdf)
    {
        var reading = new PdfReading(pdf);
        for (var number = 1; number <= reading.ObjectCount; number++)
        {
            if (reading.Dictionary(number) is var dictionary && dictionary.Contains("/FlateDecode", StringComparison.Ordinal)
                && !dictionary.Contains("/N 3", StringComparison.Ordinal))
            {
                yield return reading.Stream(number);
            }
        }
    }

    private static InvoiceContent Invoice(int number) => new()
    {
        Kind = InvoiceKind.Invoice,
        Number = string.Create(CultureInfo.InvariantCulture, $"2026-{number:00000}"),
        IssueDate = new(2026, 11, 22),
        ServiceDate = new(2026, 11, 21),
        DueDate = new(2026, 12, 6),
        Format = InvoiceFormat.Zugferd,
        Language = "de",
        Reference = "M-7F3K-20",
        Seller = new()
        {
            Name = "Muster Software GmbH",
            Register = "Amtsgericht Musterstadt, HRB 00000",
            VatId = "DE000000003",
            TaxNumber = "00/000/00000",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            Country = "DE",
            BillingMail = "billing@muster-software.example",
            ContactName = "Lizenz-Team",
            ContactPhone = "+49 30 0000000",
            ContactMail = "billing@muster-software.example",
            Iban = "DE89370400440532013000",
        },
        Buyer = new()
        {
            CustomerNumber = "C-10042",
            Company = "Müller & Söhne Gastronomie GmbH",
            Email = "rechnung@mueller.example",
            Street = "Größenstraße 2",
            PostalCode = "90402",
            City = "Nürnberg",
            Country = "DE",
        },
        Vat = new(VatCase.Domestic, "S", 19, null, null),
        Introduction = ["Sie haben uns einen defekten Computer gemeldet. Für die Migration Ihrer Lizenz berechnen wir wie angekündigt:"],
        Lines = [new() { Sku = "TRANSFER-muster-pos", Name = "Lizenz-Migration (Altgerät defekt)", Description = "Lizenz L-1044",
            Quantity = 1, UnitNet = new(70_00) }],
    };

    private static double Median(IEnumerable<double> values)
    {
        var all = values.Order().ToArray();
        return all[all.Length / 2];
    }

    private static void Print(string round, (double Invoices, double Ceiling) m, string load) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {round} | {m.Invoices:N0} | {m.Ceiling:N0} | {m.Invoices / m.Ceiling:0.00} | {load} |"));
}
