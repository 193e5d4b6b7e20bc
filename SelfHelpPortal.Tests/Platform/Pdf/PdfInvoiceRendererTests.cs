using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The same invoice is always the same bytes, and what cannot be drawn is said in time.</summary>
public sealed class PdfInvoiceRendererTests : IDisposable
{
    private static readonly int Times = Effort.Times(100, 1000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("artwork-");

    [Theory]
    [MemberData(nameof(InvoiceExamples.Names), MemberType = typeof(InvoiceExamples))]
    public void An_invoice_drawn_twice_is_the_same_file_and_small(string name)
    {
        var invoice = InvoiceExamples.All[name];

        var file = InvoiceExamples.WithLogo().Render(invoice, InvoiceExamples.AnyXml);

        InvoiceExamples.WithLogo().Render(invoice, InvoiceExamples.AnyXml).ShouldBe(file);
        file.Length.ShouldBeLessThanOrEqualTo(60 * 1024);
    }

    [Fact]
    public void Many_at_the_same_time_draw_what_one_draws()
    {
        var invoices = Enumerable.Range(1, Times)
            .Select(i => InvoiceExamples.WithLines(InvoiceExamples.German, 1 + (i % 40)) with { Number = $"2026-{i:00000}" }).ToList();
        string Hash(InvoiceContent invoice) =>
            Convert.ToHexString(SHA256.HashData(InvoiceExamples.Renderer.Render(invoice, InvoiceExamples.AnyXml)));
        var serial = invoices.ConvertAll(Hash);

        var parallel = invoices.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(Hash).ToList();

        parallel.ShouldBe(serial);
        serial.Distinct().Count().ShouldBe(Times);
    }

    [Theory]
    [InlineData("漢字", "U+6F22")]
    [InlineData("שלום", "U+05E9")]
    [InlineData("Kasse 😀", "U+1F600")]
    [InlineData("a\nb", "U+000A")]
    public void A_character_without_a_glyph_is_named_before_a_number_is_taken(string city, string character)
    {
        var draft = InvoiceExamples.Draft with { Buyer = InvoiceExamples.Draft.Buyer with { City = city } };

        Should.Throw<InvoiceTextException>(() => InvoiceExamples.Renderer.CheckTexts(draft)).Message.ShouldContain(character);
        Should.Throw<InvoiceTextException>(() => InvoiceExamples.Renderer.Render(draft, default)).Message.ShouldContain(city);
    }

    [Theory]
    [MemberData(nameof(InvoiceExamples.Names), MemberType = typeof(InvoiceExamples))]
    public void A_draft_that_passed_can_be_drawn_with_its_number(string name)
    {
        var invoice = InvoiceExamples.All[name];

        InvoiceExamples.Renderer.CheckTexts(invoice with { Number = null });

        InvoiceExamples.Renderer.Render(invoice, default).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_text_longer_than_a_page_is_refused()
    {
        var endless = InvoiceExamples.German
            with
        { Lines = [InvoiceExamples.German.Lines[0] with { Description = string.Join(' ', Enumerable.Repeat("Lizenz", 2000)) }] };

        Should.Throw<InvoiceTextException>(() => InvoiceExamples.Renderer.CheckTexts(endless));
    }

    [Fact]
    public void An_address_that_does_not_fit_even_in_small_type_is_refused()
    {
        var name = string.Join(' ', Enumerable.Repeat("Musterbetrieb", 20));
        var crowded = InvoiceExamples.German
            with
        { Buyer = InvoiceExamples.German.Buyer with { Company = name, Person = name, Street = name, Street2 = name } };

        Should.Throw<InvoiceTextException>(() => InvoiceExamples.Renderer.CheckTexts(crowded)).Message.ShouldContain("Musterbetrieb");
    }

    [Fact]
    public void The_vendors_own_fonts_and_logo_are_used()
    {
        var bold = Font("Bold");
        var own = InvoiceExamples.Artwork(
            new VendorOptions { Font = Save("own.ttf", bold), Logo = Save("gray.png", Png.Logo(64, 32, color: 0)) });

        own.Complaints.ShouldBeEmpty();
        own.FontHash.ShouldNotBe(InvoiceExamples.Renderer.FontHash);
        var file = new PdfInvoiceRenderer(own).Render(InvoiceExamples.German, InvoiceExamples.AnyXml);
        file.ShouldNotBe(InvoiceExamples.Renderer.Render(InvoiceExamples.German, InvoiceExamples.AnyXml));
        Encoding.Latin1.GetString(file).ShouldContain("/DeviceGray");
    }

    public static TheoryData<string, string> UnusableFonts => new()
    {
        { "", "FontDamaged" },
        { "nothing but text", "FontNotTrueType" },
        { "OTTO", "FontNotTrueType" },
        { "wOF2", "FontNotTrueType" },
        { "cut", "FontDamaged" },
        { "forbidden", "FontForbidden" },
        { "no subsets", "FontForbidden" },
    };

    [Theory]
    [MemberData(nameof(UnusableFonts))]
    public void A_font_that_cannot_be_embedded_is_a_complaint(string what, string word)
    {
        var good = Font("Regular");
        var file = what switch
        {
            "cut" => good[..(good.Length / 2)],
            "forbidden" => Licensed(good, 2),
            "no subsets" => Licensed(good, 0x100),
            _ => Encoding.ASCII.GetBytes(what.PadRight(what.Length == 0 ? 0 : 64)),
        };

        var artwork = InvoiceExamples.Artwork(new VendorOptions { Font = Save("bad.ttf", file) });

        var complaint = artwork.Complaints.ShouldHaveSingleItem();
        complaint.Word.ShouldBe(word);
        complaint.In(System.Globalization.CultureInfo.GetCultureInfo("de")).ShouldContain("Vendor:Font");
        complaint.In(System.Globalization.CultureInfo.GetCultureInfo("en")).ShouldContain("bad.ttf");
        Should.Throw<InvalidOperationException>(() => new PdfInvoiceRenderer(artwork).Render(InvoiceExamples.German, default));
    }

    /// <summary>Whatever is wrong with a font is found when it is read, so that no invoice fails for it.</summary>
    [Fact]
    public void A_damaged_font_is_a_complaint_or_draws()
    {
        var random = new Seeded();
        var good = Font("Regular");
        var (refused, drawn) = (0, 0);
        for (var i = 0; i < Times; i++)
        {
            var bytes = good.ToArray();
            for (var change = 0; change < 4; change++)
            {
                // The directory and the small tables stand in front.
                bytes[random.Below(change % 2 == 0 ? 1024 : bytes.Length)] = (byte)random.Below(256);
            }

            var artwork = InvoiceExamples.Artwork(new VendorOptions { Font = Save("damaged.ttf", bytes) });
            if (artwork.Complaints.Count > 0)
            {
                refused++;
                continue;
            }

            try
            {
                drawn += new PdfInvoiceRenderer(artwork).Render(InvoiceExamples.German, default).Length > 0 ? 1 : 0;
            }
            catch (InvoiceTextException)
            {
                drawn++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {random.Seed}, font {i}", e);
            }
        }

        (refused + drawn).ShouldBe(Times);
        refused.ShouldBeGreaterThan(0);
    }

    public static TheoryData<string, string> UnusableLogos => new()
    {
        { "text", "LogoUnsupported" },
        { "16 bits", "LogoUnsupported" },
        { "interlaced", "LogoUnsupported" },
        { "wide", "LogoUnsupported" },
        { "too big", "LogoTooBig" },
        { "cut", "LogoDamaged" },
        { "rows missing", "LogoDamaged" },
        { "negative length", "LogoDamaged" },
    };

    [Theory]
    [MemberData(nameof(UnusableLogos))]
    public void A_logo_that_cannot_be_embedded_is_a_complaint(string what, string word)
    {
        byte[] file = what switch
        {
            "16 bits" => Png.Logo(20, 10, depth: 16),
            "interlaced" => Png.Logo(20, 10, interlacing: 1),
            "wide" => Png.Bomb(2001, 10),
            "too big" => [.. Png.Logo(20, 10), .. new byte[20 * 1024]],
            "cut" => Png.Logo(20, 10)[..60],
            "rows missing" => Png.Logo(20, 10, missingRows: 1),
            "negative length" => [.. Png.Logo(20, 10)[..33], 0xFF, 0xFF, 0xFF, 0xF0, .. "IDAT"u8],
            _ => Encoding.ASCII.GetBytes(what),
        };

        var complaint = InvoiceExamples.Artwork(new VendorOptions { Logo = Save("bad.png", file) }).Complaints.ShouldHaveSingleItem();

        complaint.Word.ShouldBe(word);
        complaint.In(System.Globalization.CultureInfo.GetCultureInfo("de")).ShouldContain("Vendor:Logo");
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_complaint() =>
        InvoiceExamples.Artwork(
            new VendorOptions { FontBold = "nowhere/bold.ttf" }).Complaints.ShouldHaveSingleItem().Word.ShouldBe("FileUnreadable");

    [Fact]
    public async Task The_portal_starts_with_an_unusable_font_and_says_why_it_refuses_invoices()
    {
        await using var portal = new PortalFactory();
        portal.Configuration["Vendor:Font"] = Save("bad.ttf", [1, 2, 3, 4]);

        await portal.InitializeAsync();

        var invoicing = portal.Services.GetRequiredService<VendorInvoicing>();
        invoicing.Complaints.ShouldHaveSingleItem().Word.ShouldBe("FontNotTrueType");
        invoicing.Seller.ShouldBeNull();
        portal.Services.GetRequiredService<IInvoiceRenderer>().ShouldBeOfType<PdfInvoiceRenderer>();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Font(string weight) =>
        File.ReadAllBytes(Repository.At("SelfHelpPortal", "Platform", "Pdf", "Fonts", $"LiberationSans-{weight}.ttf"));

    /// <summary>The same with other license bits (OS/2, fsType).</summary>
    private static byte[] Licensed(byte[] font, ushort bits)
    {
        var table = Enumerable.Range(0, font[5]).Select(i => 12 + (16 * i))
            .Single(entry => Encoding.ASCII.GetString(font, entry, 4) == "OS/2");
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(table + 8)) + 8), bits);
        return font;
    }

    private string Save(string name, byte[] file)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, file);
        return path;
    }
}
