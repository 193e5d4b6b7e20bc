using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// What must hold of a finished PDF before it is kept as an invoice: P-10 to P-12, and of P-02 what concerns the page. It reads the bytes,
/// not the model, so that it finds faults of the writer; no data of an invoice can break these rules. It costs a fraction of the drawing.
/// </summary>
internal static class InvoicePdfRules
{
    /// <param name="xml">The e-invoice that is kept beside the PDF.</param>
    /// <param name="attached">Whether it must be inside the PDF too; otherwise nothing may be.</param>
    /// <returns>Empty when all is well.</returns>
    public static IReadOnlyList<BrokenRule> Check(byte[] pdf, byte[] xml, bool attached)
    {
        try
        {
            var reading = new PdfReading(pdf);
            BrokenRule[] structure = [.. Structure(reading, attached).Select(Misbuilt)];
            return structure.Length > 0
                ? structure
                : [.. attached ? Attached(reading, xml) : [],
                    .. Drawn([.. reading.Texts().SelectMany(page => page)], XDocument.Load(new MemoryStream(xml)))];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [Misbuilt(e.Message)];
        }
    }

    private static IEnumerable<BrokenRule> Attached(PdfReading pdf, byte[] xml)
    {
        var specification = pdf.Dictionary(PdfReading.Reference(pdf.Catalog, "AF")!.Value);
        if (!pdf.Stream(PdfReading.Reference(specification, "F")!.Value).AsSpan().SequenceEqual(xml))
        {
            yield return new("P-11", "Die XML-Datei im PDF ist nicht die, die daneben aufbewahrt wird.",
                "The XML in the PDF is not the XML that is kept beside it.");
        }
    }

    private static IEnumerable<BrokenRule> Drawn(IReadOnlyList<string> texts, XDocument xml)
    {
        IEnumerable<XElement> All(string name) => xml.Descendants().Where(element => element.Name.LocalName == name);
        IEnumerable<XElement> In(string parent, string child) => All(parent).Elements().Where(element => element.Name.LocalName == child);
        decimal Value(XElement amount) => decimal.Parse(amount.Value, CultureInfo.InvariantCulture);
        string Date(XElement date) => InvoiceTexts.Date(DateOnly.ParseExact(date.Value.Trim(), "yyyyMMdd", CultureInfo.InvariantCulture));

        List<string> whole =
        [
            .. In("ExchangedDocument", "ID").Select(id => id.Value),
            .. In("ExchangedDocument", "IssueDateTime").Select(Date),
            .. All("TaxBasisTotalAmount").Concat(All("GrandTotalAmount")).Select(amount => InvoiceTexts.Amount(Value(amount))),
            .. All("TaxTotalAmount").Where(amount => Value(amount) != 0).Select(amount => InvoiceTexts.Amount(Value(amount))),
        ];
        List<string> parts =
        [
            .. All("IBANID").Select(id => id.Value),
            .. In("SpecifiedTaxRegistration", "ID").Select(id => id.Value),
            .. In("ApplicableHeaderTradeSettlement", "BillingSpecifiedPeriod").Select(period => period.Elements().ToList())
                .Select(days => $"{Date(days[0])}–{Date(days[1])}"),
            .. In("ActualDeliverySupplyChainEvent", "OccurrenceDateTime").Select(Date),
        ];
        var drawn = texts.ToHashSet();
        var together = Packed(string.Concat(texts));
        foreach (var missing in whole.Where(text => !drawn.Contains(text))
            .Concat(parts.Where(text => !together.Contains(Packed(text), StringComparison.Ordinal))))
        {
            yield return NotDrawn("P-10", missing);
        }

        foreach (var missing in All("ExemptionReason").Select(reason => reason.Value)
            .Where(text => !together.Contains(Packed(text), StringComparison.Ordinal)))
        {
            yield return NotDrawn("P-02", missing);
        }

        if (whole.Count < 4)
        {
            yield return new("P-10", "In der XML-Datei fehlen Nummer, Datum oder Summen.", "The XML has no number, date or sums.");
        }
    }

    private static BrokenRule NotDrawn(string rule, string text) =>
        new(rule, $"„{text}“ steht in der XML-Datei, aber nicht auf der Seite.", $"“{text}” is in the XML but not on the page.");

    private static BrokenRule Misbuilt(string fault) =>
        new("P-12", $"Das PDF ist falsch aufgebaut ({fault}).", $"The PDF is built wrongly ({fault}).");

    /// <summary>Lines may break between words, and account numbers stand in groups.</summary>
    private static string Packed(string text) =>
        string.Concat(text.Normalize()
            .Where(symbol => !char.IsWhiteSpace(symbol) && char.GetUnicodeCategory(symbol) != UnicodeCategory.Format));

    private static IEnumerable<string> Structure(PdfReading pdf, bool attached)
    {
        var catalog = pdf.Catalog;
        var trailer = pdf.Trailer;
        foreach (var value in pdf.BinaryComment.ToArray().Where(value => value < 128).Take(1))
        {
            yield return $"the comment that marks the file as binary has a byte {value}";
        }

        if (!trailer.Contains("/ID[<", StringComparison.Ordinal) || trailer.Contains("/Encrypt", StringComparison.Ordinal))
        {
            yield return "the trailer has no id, or the file is encrypted";
        }

        if (!catalog.Contains("/Lang(", StringComparison.Ordinal) || PdfReading.Reference(catalog, "OutputIntents") is not { } intent
            || PdfReading.Reference(pdf.Dictionary(intent), "DestOutputProfile") is not { } profile
            || !pdf.Stream(profile).AsSpan(36).StartsWith("acsp"u8))
        {
            yield return "the catalog names no language or no color profile";
        }

        foreach (var fault in Metadata(pdf, attached).Concat(pdf.Fonts().Values.SelectMany(font => Font(pdf, font)))
            .Concat(Files(pdf, attached)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Metadata(PdfReading pdf, bool attached)
    {
        if (PdfReading.Reference(pdf.Catalog, "Metadata") is not { } number
            || pdf.Dictionary(number).Contains("/Filter", StringComparison.Ordinal))
        {
            yield return "the metadata are missing or compressed";
            yield break;
        }

        var xmp = Encoding.UTF8.GetString(pdf.Stream(number));
        var info = pdf.Dictionary(
            PdfReading.Reference(pdf.Trailer, "Info") ?? throw new InvalidDataException("the trailer names no information"));
        var date = Between(info, "/CreationDate(D:", "+");
        foreach (var name in (string[])["xmp:CreateDate", "xmp:ModifyDate"])
        {
            if (string.Concat(Between(xmp, $"<{name}>", "+").Where(char.IsAsciiDigit)) != date)
            {
                yield return $"{name} differs from the file's information";
            }
        }

        if (Between(xmp, "<pdfaid:part>", "<") != "3" || Between(xmp, "<pdfaid:conformance>", "<") != "U")
        {
            yield return "the metadata do not say PDF/A-3u";
        }

        foreach (var (property, value) in XmpMetadata.InvoiceProperties)
        {
            if (Between(xmp, $"<fx:{property}>", "<") != (attached ? value : "")
                || xmp.Contains($"<pdfaProperty:name>{property}</pdfaProperty:name>", StringComparison.Ordinal) != attached)
            {
                yield return $"the metadata do not say or not declare {property}";
            }
        }
    }

    private static IEnumerable<string> Font(PdfReading pdf, int font)
    {
        var descendant = pdf.Dictionary(
            PdfReading.Reference(pdf.Dictionary(font), "DescendantFonts") ?? throw new InvalidDataException("a font has no glyphs"));
        var descriptor = pdf.Dictionary(
            PdfReading.Reference(descendant, "FontDescriptor") ?? throw new InvalidDataException("a font has no descriptor"));
        if (PdfReading.Reference(descriptor, "FontFile2") is not { } file)
        {
            yield return "a font is not embedded";
            yield break;
        }

        if (PdfReading.Reference(pdf.Dictionary(font), "ToUnicode") is null)
        {
            yield return "a font does not say which characters it draws";
        }

        var embedded = pdf.Stream(file);
        var widths = Between(descendant, "/W[0[", "]").Split(' ').Select(width => double.Parse(width, CultureInfo.InvariantCulture))
            .ToList();
        var (hmtx, unitsPerEm) =
            (Table(embedded, "hmtx"), BinaryPrimitives.ReadUInt16BigEndian(embedded.AsSpan(Table(embedded, "head") + 18)));
        for (var glyph = 0; glyph < widths.Count; glyph++)
        {
            var width = BinaryPrimitives.ReadUInt16BigEndian(embedded.AsSpan(hmtx + (4 * glyph))) * 1000.0 / unitsPerEm;
            if (Math.Abs(width - widths[glyph]) > 0.01)
            {
                yield return $"glyph {glyph} is not as wide as the file says";
                yield break;
            }
        }
    }

    private static int Table(byte[] font, string name)
    {
        for (var entry = 12; entry < 12 + (16 * font[5]); entry += 16)
        {
            if (font.AsSpan(entry, 4).SequenceEqual(Encoding.ASCII.GetBytes(name)))
            {
                return BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 8));
            }
        }

        throw new InvalidDataException($"an embedded font has no table {name}");
    }

    private static IEnumerable<string> Files(PdfReading pdf, bool attached)
    {
        var (associated, named) =
            (PdfReading.Reference(pdf.Catalog, "AF"), pdf.Catalog.Contains("/EmbeddedFiles<<", StringComparison.Ordinal));
        if (associated is not null != attached || named != attached)
        {
            yield return attached
                ? "the attachment is not named by the catalog, or not as a file of the document"
                : "there is an attachment";
            yield break;
        }

        if (associated is not { } specification)
        {
            yield break;
        }

        var dictionary = pdf.Dictionary(specification);
        if (!dictionary.Contains("/AFRelationship/Alternative", StringComparison.Ordinal)
            || !dictionary.Contains($"/UF({Attachment.FileName})", StringComparison.Ordinal)
            || PdfReading.Reference(dictionary, "F") is not { } file)
        {
            yield return "the attachment does not say what it is to the document";
            yield break;
        }

        if (!pdf.Dictionary(file).Contains("/Subtype/text#2Fxml", StringComparison.Ordinal)
            || !pdf.Dictionary(file).Contains("/ModDate(D:", StringComparison.Ordinal))
        {
            yield return "the attachment does not say its kind or its date";
        }
    }

    /// <summary>Empty where it does not begin.</summary>
    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        if (from < 0)
        {
            return "";
        }

        from += start.Length;
        var to = text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? "" : text[from..to];
    }
}
