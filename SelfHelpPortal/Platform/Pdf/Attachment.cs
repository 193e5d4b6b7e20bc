namespace SelfHelpPortal.Platform.Pdf;

/// <summary>The e-invoice inside the PDF, as PDF/A-3 and ZUGFeRD want it.</summary>
internal static class Attachment
{
    public const string FileName = "factur-x.xml";

    /// <returns>What the catalog says of it: once by name and once as a file that belongs to the document.</returns>
    public static string AddTo(PdfFile pdf, ReadOnlySpan<byte> xml, string date)
    {
        var file = pdf.AddCompressed($"/Type/EmbeddedFile/Subtype/text#2Fxml/Params<</Size {xml.Length}/ModDate{date}>>", xml);
        var specification = pdf.Add(
            $"<</Type/Filespec/F({FileName})/UF({FileName})/AFRelationship/Alternative/Desc(Factur-X invoice)/EF<</F {file} 0 R/UF {file} "
                + $"0 R>>>>");
        return $"/Names<</EmbeddedFiles<</Names[({FileName}) {specification} 0 R]>>>>/AF[{specification} 0 R]";
    }
}
