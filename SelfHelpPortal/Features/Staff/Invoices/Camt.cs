using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// The cash management messages of ISO 20022: report, statement and notification. Their versions differ in names that do not matter here,
/// so elements are found by their local names.
/// </summary>
internal static class Camt
{
    private const string Booked = "BOOK";
    private const string Out = "DBIT";

    public static BankStatement Read(Stream file)
    {
        var document = Load(file);
        if (!document.Descendants().Any(e => e.Name.LocalName is "BkToCstmrStmt" or "BkToCstmrAcctRpt" or "BkToCstmrDbtCdtNtfctn"))
        {
            throw new UnreadableListException(
                "Das ist keine CAMT-Datei: sie enthält keinen Kontoauszug.", "This is no CAMT file: there is no statement in it.");
        }

        List<BankLine> lines = [];
        var skipped = 0;
        foreach (var entry in document.Descendants().Where(e => e.Name.LocalName == "Ntry"))
        {
            // Newer versions put the word one level deeper.
            if (entry.Child("Sts")?.Value.Trim() != Booked)
            {
                skipped++;
                continue;
            }

            foreach (var line in Lines(entry))
            {
                if (line is null)
                {
                    skipped++;
                }
                else
                {
                    lines.Add(line);
                }
            }
        }

        return new(lines, skipped);
    }

    /// <summary>A collective entry has a line for each of its payments. Null for another currency.</summary>
    private static IEnumerable<BankLine?> Lines(XElement entry)
    {
        var details = entry.Descendants().Where(e => e.Name.LocalName == "TxDtls").ToList();
        if (details.Count < 2)
        {
            return [Line(entry, details.SingleOrDefault(), entry.Child("Amt"))];
        }

        return details.Select(d => Line(entry, d, d.Child("Amt") ?? d.Child("AmtDtls")?.Child("TxAmt")?.Child("Amt")));
    }

    private static BankLine? Line(XElement entry, XElement? detail, XElement? amount)
    {
        if (amount?.Attribute("Ccy")?.Value != Money.Currency || !TryAmount(amount, out var money))
        {
            return null;
        }

        var isOut = (detail?.Child("CdtDbtInd") ?? entry.Child("CdtDbtInd"))?.Value.Trim() == Out;
        var parties = detail?.Child("RltdPties");
        var other = parties?.Child(isOut ? "Cdtr" : "Dbtr");
        var information = detail?.Child("RmtInf");
        return new BankLine
        {
            BookedOn = Day(entry),
            Amount = isOut ? -money : money,
            Text = BankStatement.Tidy(
            [
                .. information?.Elements().Where(e => e.Name.LocalName == "Ustrd").Select(e => e.Value) ?? [],
                .. information?.Descendants().Where(e => e.Name.LocalName is "Ref" or "Nb").Select(e => e.Value) ?? [],
                information is null ? entry.Child("AddtlNtryInf")?.Value : null,
                EndToEnd(detail),
            ]),
            Payer = (other?.Child("Nm") ?? other?.Child("Pty")?.Child("Nm"))?.Value is { Length: > 0 } name
                ? BankStatement.Tidy([name])
                : null,
            Reference = (detail?.Child("Refs")?.Child("AcctSvcrRef") ?? entry.Child("AcctSvcrRef"))?.Value.Trim(),
        };
    }

    /// <summary>Some customers' programs put the number of the invoice there; most banks a word that there is none.</summary>
    private static string? EndToEnd(XElement? detail) =>
        detail?.Child("Refs")?.Child("EndToEndId")?.Value.Trim() is { } id && id != "NOTPROVIDED" ? id : null;

    private static DateOnly Day(XElement entry)
    {
        var written = (entry.Child("BookgDt") ?? entry.Child("ValDt"))?.Elements().FirstOrDefault()?.Value.Trim() ?? "";
        return written.Length >= 10
            && DateOnly.TryParseExact(written[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : throw new UnreadableListException(
                    $"Eine Buchung hat kein Datum: „{written}“.", $"A line has no date: “{written}”.");
    }

    private static bool TryAmount(XElement amount, out Money money)
    {
        money = default;
        return decimal.TryParse(amount.Value.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && Money.TryFrom(value, out money);
    }

    private static XDocument Load(Stream file)
    {
        try
        {
            // Nothing outside the file is read, and no entity grows.
            using var reader = XmlReader.Create(file, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = BankStatement.LargestFile,
            });
            return XDocument.Load(reader);
        }
        catch (XmlException broken)
        {
            throw new UnreadableListException(
                $"Die XML-Datei ist in Zeile {broken.LineNumber} nicht lesbar.",
                $"The XML file cannot be read in line {broken.LineNumber}.");
        }
    }

    private static XElement? Child(this XElement element, string name) =>
        element.Elements().FirstOrDefault(e => e.Name.LocalName == name);
}
