using System.Globalization;
using System.Security;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// Title, producer and dates, in the information dictionary and alike in XMP, which PDF/A compares; and the Factur-X entries that tell a
/// reader of the attached e-invoice.
/// </summary>
internal sealed record XmpMetadata(string Title, DateOnly Date, bool WithInvoice)
{
    private const string Producer = "SelfHelpPortal";

    private const string InvoiceNamespace = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

    /// <summary>What ZUGFeRD 2 and Factur-X 1 say of an invoice in the profile EN 16931.</summary>
    public static IReadOnlyList<(string Name, string Value)> InvoiceProperties { get; } =
        [("DocumentType", "INVOICE"), ("DocumentFileName", Attachment.FileName), ("Version", "1.0"), ("ConformanceLevel", "EN 16931")];

    /// <summary>Noon in Greenwich is the same day all over Europe.</summary>
    private DateTime At => Date.ToDateTime(new TimeOnly(12, 0));

    /// <summary>As the file's dictionaries write it.</summary>
    public string PdfDate => $"(D:{At.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}+00'00')";

    public int AddInfoTo(PdfFile pdf) =>
        pdf.Add($"<</Title{PdfFile.Text(Title)}/Producer({Producer})/CreationDate{PdfDate}/ModDate{PdfDate}>>");

    /// <summary>Not compressed, so that programs which know nothing of PDF can read it.</summary>
    public int AddTo(PdfFile pdf) => pdf.AddStream("/Type/Metadata/Subtype/XML", Encoding.UTF8.GetBytes(Xmp(pdf.Part)));

    private string Xmp(PdfaPart part)
    {
        var date = At.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
        // Every character can be read as text (each font has a ToUnicode), which is level U; part 1 does not know it.
        var level = part == PdfaPart.One ? "B" : "U";
        var conformance = $"<pdfaid:part>{(int)part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>";
        var title = $"<rdf:Alt><rdf:li xml:lang=\"x-default\">{SecurityElement.Escape(Title)}</rdf:li></rdf:Alt>";
        var dates = $"<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>";
        return $"""
            <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">{conformance}</rdf:Description>
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></rdf:Description>
            <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">{dates}</rdf:Description>
            <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{Producer}</pdf:Producer></rdf:Description>
            {(WithInvoice ? Invoice() : "")}</rdf:RDF></x:xmpmeta>
            <?xpacket end="w"?>
            """;
    }

    /// <summary>The values, and the schema that PDF/A wants for every property that it does not know itself.</summary>
    private static string Invoice() =>
        $"<rdf:Description rdf:about=\"\" xmlns:fx=\"{InvoiceNamespace}\">"
        + string.Concat(InvoiceProperties.Select(property => $"<fx:{property.Name}>{property.Value}</fx:{property.Name}>"))
        + "</rdf:Description>\n"
        + "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
        + " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">"
        + "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
        + "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        + $"<pdfaSchema:namespaceURI>{InvoiceNamespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        + "<pdfaSchema:property><rdf:Seq>"
        + string.Concat(InvoiceProperties.Select(property => Declared(property.Name)))
        + "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>";

    private static string Declared(string property) =>
        $"<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{property}</pdfaProperty:name>"
        + "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        + $"<pdfaProperty:description>{property}</pdfaProperty:description></rdf:li>";
}
