using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The file as other people's programs see it: PDF/A-3u with fonts and the e-invoice inside.</summary>
public sealed partial class PdfFormatTests : IDisposable
{
    /// <summary>
    /// What part 1 forbids and part 3 allows: PDF 1.7's header, attachments (twice), no list of a subset's glyphs, another part and its
    /// level U.
    /// </summary>
    private static readonly string[] CodesOfAttachment = ["1.2.9", "1.4.7", "3.1.11", "7.11.1", "7.11.2"];

    private readonly PdfTools _tools = new();

    /// <summary>Faults made on purpose, each of the same length as what it replaces.</summary>
    private static readonly (string Name, string From, string To)[] Faults =
    [
        ("no-af", "/AF[", "/XF["),
        ("no-relationship", "/AFRelationship", "/XFRelationship"),
        ("no-mime-type", "/Subtype/text#2Fxml", "/Xubtype/text#2Fxml"),
        ("wrong-part", "<pdfaid:part>3", "<pdfaid:part>2"),
        ("undeclared-property", "<pdfaProperty:name>Version", "<pdfaProperty:name>Wersion"),
        ("font-not-embedded", "/FontFile2", "/XontFile2"),
        ("wrong-widths", "/W[0[", "/W[0[9"),
        ("no-output-intent", "/OutputIntents[", "/XutputIntents["),
        ("no-metadata", "/Metadata ", "/Xetadata "),
        ("no-id", "/ID[", "/XD["),
        ("no-binary-comment", "\n%\u00e2\u00e3\u00cf\u00d3", "\n%abcd"),
        ("other-date", "<xmp:ModifyDate>2026", "<xmp:ModifyDate>2025"),
        ("no-unicode", "/ToUnicode", "/XoUnicode"),
    ];

    public static TheoryData<string> FaultNames => [.. Faults.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(InvoiceExamples.Names), MemberType = typeof(InvoiceExamples))]
    public void Qpdf_finds_no_fault_and_poppler_the_fonts_and_the_attachment(string name)
    {
        var file = _tools.Save($"{name}.pdf", InvoiceExamples.WithLogo().Render(InvoiceExamples.All[name], InvoiceExamples.AnyXml));

        PdfTools.Try("qpdf", "--check", file).Output.ShouldContain("No syntax or stream encoding errors found");
        var fonts = PdfTools.Run("pdffonts", file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        fonts.Count.ShouldBe(2);
        fonts.ShouldAllBe(font => EmbeddedSubset().IsMatch(font));
        var xml = Path.Combine(_tools.Folder, "attached.xml");
        PdfTools.Run("pdfdetach", "-save", "1", "-o", xml, file);
        File.ReadAllBytes(xml).ShouldBe(InvoiceExamples.AnyXml);
    }

    [Fact]
    public void Qpdf_would_find_a_fault()
    {
        var pdf = Good();

        var file = _tools.Save("broken.pdf", pdf[..^200]);

        PdfTools.Try("qpdf", "--check", file).Status.ShouldNotBe(0);
    }

    /// <summary>Java is started once for all files, because that takes longer than the checks.</summary>
    [Fact]
    public void Apaches_checker_accepts_part_1_and_of_part_3_complains_only_about_what_part_1_lacks()
    {
        var old = InvoiceExamples.All.ToDictionary(
            invoice => invoice.Key, invoice =>
                _tools.Save($"old-{invoice.Key}.pdf", InvoiceExamples.WithLogo().Render(invoice.Value, default, PdfaPart.One)));
        var real = InvoiceExamples.All.ToDictionary(invoice => invoice.Key,
            invoice => _tools.Save($"{invoice.Key}.pdf", InvoiceExamples.WithLogo().Render(invoice.Value, InvoiceExamples.AnyXml)));
        // Gray, palette, both kinds of transparency, and a color that is not shown.
        foreach (var (logo, place) in new[] { Png.Logo(260, 100, color: 0), Png.Logo(260, 100, color: 3), Png.Logo(260, 100, color: 4),
            Png.Logo(260, 100, color: 6), Png.Logo(260, 100, extra: ("tRNS", [0, 0x0E, 0, 0x5A, 0, 0x6B])) }.Select((l, p) => (l, p)))
        {
            var renderer = InvoiceExamples.WithLogo(logo);
            old[$"logo {place}"] = _tools.Save($"old-logo-{place}.pdf", renderer.Render(InvoiceExamples.German, default, PdfaPart.One));
            real[$"logo {place}"] = _tools.Save($"logo-{place}.pdf", renderer.Render(InvoiceExamples.German, InvoiceExamples.AnyXml));
        }

        var broken = Faults.ToDictionary(fault => fault.Name, fault => _tools.Save($"fault-{fault.Name}.pdf", Break(Good(), fault.Name)));

        var codes = PdfTools.Preflight([.. old.Values, .. real.Values, .. broken.Values]);

        old.ShouldAllBe(file => codes[file.Value].Count == 0);
        foreach (var file in real.Values)
        {
            codes[file].ShouldBe(CodesOfAttachment, file);
        }

        // What it can see of the faults; the others are seen below.
        broken.Where(file => !codes[file.Value].SequenceEqual(CodesOfAttachment)).Select(file => file.Key).ShouldBe(
            ["undeclared-property", "font-not-embedded", "no-output-intent", "no-metadata", "no-id", "no-binary-comment", "other-date"],
            ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(InvoiceExamples.Names), MemberType = typeof(InvoiceExamples))]
    public void Qpdf_reads_the_structure_that_part_3_wants(string name)
    {
        var file = _tools.Save($"{name}.pdf", InvoiceExamples.Renderer.Render(InvoiceExamples.All[name], InvoiceExamples.AnyXml));

        UnseenFaults(file).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no-af")]
    [InlineData("no-relationship")]
    [InlineData("no-mime-type")]
    [InlineData("wrong-part")]
    [InlineData("wrong-widths")]
    [InlineData("no-unicode")]
    public void Faults_that_Apaches_checker_cannot_see_are_seen_in_the_structure(string fault) =>
        UnseenFaults(_tools.Save($"{fault}.pdf", Break(Good(), fault))).ShouldNotBeEmpty();

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void The_portals_own_check_sees_every_fault(string fault) =>
        InvoicePdfRules.Check(Break(Good(), fault), InvoicePdfRulesTests.Xml(), attached: true)
            .ShouldContain(broken => broken.Id == "P-12", fault);

    [Fact]
    public void An_invoice_without_attachment_says_nothing_of_one()
    {
        var file = _tools.Save("plain.pdf", InvoiceExamples.Renderer.Render(InvoiceExamples.German, default));

        PdfTools.Try("qpdf", "--check", file).Status.ShouldBe(0);
        PdfTools.Run("pdfdetach", "-list", file).ShouldContain("0 embedded files");
        File.ReadAllText(file, Encoding.Latin1).ShouldNotContain("factur-x");
    }

    public void Dispose() => _tools.Dispose();

    private static byte[] Good() => InvoiceExamples.Renderer.Render(InvoiceExamples.German, InvoicePdfRulesTests.Xml());

    private static byte[] Break(byte[] pdf, string name)
    {
        var (_, from, to) = Faults.Single(fault => fault.Name == name);
        var text = Encoding.Latin1.GetString(pdf);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, name);
        var bytes = pdf.ToArray();
        Encoding.Latin1.GetBytes(to).CopyTo(bytes, at);
        return bytes;
    }

    /// <summary>What neither Apache's checker nor qpdf's looks at: attachment, part, widths, characters.</summary>
    private static List<string> UnseenFaults(string file)
    {
        using var json = JsonDocument.Parse(PdfTools.Run("qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=none", file));
        var objects = json.RootElement.GetProperty("qpdf")[1];
        JsonElement Object(string reference) => objects.GetProperty($"obj:{reference}");
        JsonElement Dictionary(string reference) =>
            Object(reference).TryGetProperty("stream", out var stream)
                ? stream.GetProperty("dict")
                : Object(reference).GetProperty("value");
        byte[] Stream(string reference)
        {
            var data = Object(reference).GetProperty("stream").GetProperty("data").GetBytesFromBase64();
            if (!Dictionary(reference).TryGetProperty("/Filter", out _))
            {
                return data;
            }

            using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            zlib.CopyTo(unpacked);
            return unpacked.ToArray();
        }

        List<string> faults = [];
        void Want(bool holds, string what)
        {
            if (!holds)
            {
                faults.Add(what);
            }
        }

        var catalog = Dictionary(objects.GetProperty("trailer").GetProperty("value").GetProperty("/Root").GetString()!);
        var metadata = catalog.GetProperty("/Metadata").GetString()!;
        Want(!Dictionary(metadata).TryGetProperty("/Filter", out _), "metadata are compressed");
        Want(Encoding.UTF8.GetString(Stream(metadata)).Contains("<pdfaid:part>3</pdfaid:part>", StringComparison.Ordinal), "not part 3");
        Want(catalog.TryGetProperty("/AF", out var files) && files.GetArrayLength() == 1, "no /AF");
        var named = catalog.GetProperty("/Names").GetProperty("/EmbeddedFiles").GetProperty("/Names");
        Want(named[0].GetString() == "u:factur-x.xml", "the attachment has another name");
        var specification = Dictionary(named[1].GetString()!);
        Want(specification.TryGetProperty("/AFRelationship", out var relationship) && relationship.GetString() == "/Alternative",
            "no relationship");
        var attached = Dictionary(specification.GetProperty("/EF").GetProperty("/F").GetString()!);
        Want(attached.TryGetProperty("/Subtype", out var kind) && kind.GetString() == "/text/xml", "no MIME type");
        Want(attached.GetProperty("/Params").TryGetProperty("/ModDate", out _), "no date of the attachment");

        var fonts = objects.EnumerateObject().Where(entry => entry.Value.TryGetProperty("value", out var value)
            && value.ValueKind == JsonValueKind.Object && value.TryGetProperty("/Subtype", out var subtype)
            && subtype.GetString() == "/Type0").ToList();
        Want(fonts.Count == 2, "not two fonts");
        foreach (var font in fonts.Select(entry => entry.Value.GetProperty("value")))
        {
            Want(font.TryGetProperty("/ToUnicode", out _), "no characters");
            var descendant = Dictionary(font.GetProperty("/DescendantFonts")[0].GetString()!);
            var widths = descendant.GetProperty("/W")[1].EnumerateArray().Select(width => width.GetDouble()).ToList();
            var embedded =
                Stream(Dictionary(descendant.GetProperty("/FontDescriptor").GetString()!).GetProperty("/FontFile2").GetString()!);
            var (hmtx, head) = (TableOf(embedded, "hmtx"), TableOf(embedded, "head"));
            var units = BinaryPrimitives.ReadUInt16BigEndian(embedded.AsSpan(head + 18));
            Want(widths.Index()
                .All(width =>
                    Math.Abs(
                        (BinaryPrimitives.ReadUInt16BigEndian(
                            embedded.AsSpan(hmtx + (4 * width.Index))) * 1000.0 / units) - width.Item) < 0.01), "wrong widths");
        }

        return faults;
    }

    private static int TableOf(byte[] font, string name) => Enumerable.Range(0, font[5]).Select(i => 12 + (16 * i))
        .Where(entry => Encoding.ASCII.GetString(font, entry, 4) == name)
        .Select(entry => BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 8))).Single();

    /// <summary>Embedded, subset, with characters.</summary>
    [GeneratedRegex(@"^[A-Z]{6}\+\S+ .* yes yes yes ")]
    private static partial Regex EmbeddedSubset();
}
