using System.Globalization;
using SelfHelpPortal.Hosting;

namespace SelfHelpPortal.Bench;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["check-in", var licenses, var rounds, var seconds]:
                return await CheckInBench.RunAsync(Number(licenses), Number(rounds), Number(seconds));
            case ["page-weight"]:
                return await PageWeight.RunAsync();
            case ["first-view", var rounds]:
                return await FirstView.RunAsync(Number(rounds));
            case ["invoices", var rounds, var invoices]:
                return InvoiceBench.Run(Number(rounds), Number(invoices));
            case ["invoice-set", var folder]:
                return await InvoiceSetFiles.WriteAsync(folder);
            case ["imports", var rows, var faults]:
                return await ImportBench.RunAsync(Number(rows), Number(faults));
            case ["search", var licenses, var rounds]:
                return await SearchBench.RunAsync(Number(licenses), Number(rounds));
            case ["desk", var cases]:
                return await DeskBench.RunAsync(Number(cases));
            case ["bare", var url]:
                await BareEndpoint.ServeAsync(url);
                return 0;
            default:
                await Console.Error.WriteLineAsync(
                    "check-in LICENSES ROUNDS SECONDS | page-weight | first-view ROUNDS | invoices ROUNDS INVOICES | invoice-set FOLDER "
                        + "| imports ROWS FAULTS | search LICENSES ROUNDS | desk CASES | bare URL");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
