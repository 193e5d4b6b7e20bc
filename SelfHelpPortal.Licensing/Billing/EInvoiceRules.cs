using System.Xml;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>
/// The rules of EN 16931 for Cross Industry Invoices and of XRechnung as far as our invoices can break them, with their official ids. They
/// read the bytes and not the model, so that they find faults of the writer too, and they do their own sums for the same reason. Code lists
/// hold only what the portal writes, which makes BR-CL-01, -04, -16, -18, -22 and -23 stricter than the official ones; BR-CO-25 is not in
/// the official stylesheet at all.
/// </summary>
public static partial class EInvoiceRules
{
    /// <summary>Stands in the record of checks that is kept with each invoice.</summary>
    public const string Version = "EN 16931 CII 1.3.16, XRechnung 3.0.2";

    /// <summary>Every rule that <see cref="Check(byte[])"/> knows.</summary>
    public static IReadOnlyList<string> Ids => [.. Core.Select(rule => rule.Id), .. German.Select(rule => rule.Id)];

    /// <returns>Empty when the invoice keeps all rules. Rules whose ids begin with BR-DE and PEPPOL concern XRechnung only.</returns>
    public static IReadOnlyList<BrokenRule> Check(byte[] xml)
    {
        try
        {
            return Check(CiiInvoice.Read(xml));
        }
        catch (XmlException fault)
        {
            return [new BrokenRule("XML", $"Die Datei ist kein lesbares XML: {fault.Message}",
                $"The file is not readable XML: {fault.Message}")];
        }
    }

    internal static IReadOnlyList<BrokenRule> Check(CiiInvoice invoice) =>
        [.. Core.Concat(invoice.IsXRechnung ? German : []).Where(rule => !rule.Holds(invoice))
            .Select(rule => new BrokenRule(rule.Id, rule.InGerman, rule.InEnglish))];

    private sealed record Rule(string Id, Func<CiiInvoice, bool> Holds, string InGerman, string InEnglish);
}
