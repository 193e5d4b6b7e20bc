using System.Text;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>What stands on the pages and where.</summary>
public sealed class InvoiceLayoutTests : IDisposable
{
    private readonly PdfTools _tools = new();

    [Theory]
    [InlineData("german", "Rechnung 2026-00042", "Müller & Söhne Gastronomie GmbH", "Zoë Łódź", "Größenstraße 2",
        "Umsatzsteuer 19 % auf 70,00 €", "13,30 €", "83,30 €", "06.12.2026", "DE89 3704 0044 0532 0130 00")]
    [InlineData("english", "Invoice 2026-00043", "NETHERLANDS", "2.469,00 €",
        "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge", "Period of service 01.12.2026–30.11.2027",
        "PO-4711", "NL000000000B01")]
    [InlineData("cancellation", "Stornorechnung S2026-00007", "Storno zu Rechnung 2026-00042 vom 22.11.2026", "−1", "−70,00 €",
        "−13,30 €", "−83,30 €", "Grund der Stornierung:")]
    [InlineData("third-country", "Germany", "Registered office: Musterstadt")]
    [InlineData("german", "Sitz: Musterstadt", "Amtsgericht Musterstadt, HRB 00000")]
    [InlineData("small-business", "Steuerfreier Umsatz nach § 19 UStG (Kleinunternehmer)", "70,00 €")]
    [InlineData("third-country", "Not taxable in Germany", "SWITZERLAND")]
    [InlineData("draft", "Rechnung (Entwurf)", "Entwurf")]
    [InlineData("three-pages", "Seite 3 von 3", "Rechnung 2026-00042 – Seite 2 von 3", "Übertrag von der vorigen Seite")]
    public void The_page_says(string name, params string[] texts)
    {
        var said = Text(InvoiceExamples.All[name]);

        texts.ShouldAllBe(text => said.Contains(text, StringComparison.Ordinal), said);
    }

    [Theory]
    [InlineData("cancellation", "Bitte zahlen", "Zahlen mit Code", "Fällig am", "Gutschrift", "IBAN", "DE89", "-70")]
    [InlineData("german", "Deutschland")]
    [InlineData("draft", "Zahlen mit Code", "Rechnungsnummer", "Verwendungszweck")]
    [InlineData("small-business", "Umsatzsteuer 19", "Summe netto")]
    [InlineData("third-country", "DE000000003", "CHE000000000")]
    [InlineData("english", "13,30", "VAT 0", "Date of service", "0 %")]
    public void The_page_does_not_say(string name, params string[] texts)
    {
        var said = Text(InvoiceExamples.All[name]);

        texts.ShouldAllBe(text => !said.Contains(text, StringComparison.Ordinal), said);
    }

    [Theory]
    [InlineData("german", "Vertreten durch Erika Muster und Max Muster")]
    [InlineData("english", "Represented by Erika Muster und Max Muster")]
    public void The_foot_says_who_represents_the_seller(string name, string says)
    {
        var invoice = InvoiceExamples.All[name];

        Text(invoice with { Seller = invoice.Seller with { RepresentedBy = "Erika Muster und Max Muster" } }).ShouldContain(says);
        Text(invoice).ShouldNotContain(says.Split(' ')[0]);
    }

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(2, true, 1)]
    [InlineData(30, true, 3)]
    [InlineData(45, false, 3)]
    [InlineData(200, true, 11)]
    public void Lines_fill_pages_without_touching_each_other(int lines, bool logo, int pages)
    {
        var renderer = logo ? InvoiceExamples.WithLogo() : InvoiceExamples.Renderer;
        var file =
            _tools.Save("lines.pdf", renderer.Render(InvoiceExamples.WithLines(InvoiceExamples.German, lines), InvoiceExamples.AnyXml));

        var words = PdfTools.Words(file);

        words.Count.ShouldBe(pages);
        ShouldBeTidy(words);
        words.SelectMany(page => page).Count(word => word.Text.StartsWith("L-", StringComparison.Ordinal)).ShouldBe(lines);
    }

    [Theory]
    [InlineData("english")]
    [InlineData("cancellation")]
    [InlineData("third-country")]
    [InlineData("longest")]
    public void Nothing_touches_anything_else_nor_the_edge(string name)
    {
        var file = _tools.Save("invoice.pdf", InvoiceExamples.WithLogo().Render(InvoiceExamples.All[name], InvoiceExamples.AnyXml));

        ShouldBeTidy(PdfTools.Words(file));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(140)]
    public void Names_of_any_length_keep_to_their_place(int length)
    {
        string Name(string words) => string.Join(' ', Enumerable.Repeat(words, 20))[..length].Trim();
        var invoice = InvoiceExamples.Longest with
        {
            Seller = InvoiceExamples.Longest.Seller with
            {
                Name = Name("Muster Software Gesellschaft mbH & Co. KG"),
                Street = Name("Musterstraße 12"),
                Register = Name("Amtsgericht Musterstadt, HRB 00000")
            },
            Buyer = InvoiceExamples.Longest.Buyer with
            {
                Company = Name("WERKSTATT FÜR MUSTERBAU"),
                Person = Name("Maria Magdalena"),
                Street = Name("Beispielweg"),
                Street2 = "Hof",
                City = "Musterhausen",
                BuyerReference = Name("04011000-12345")
            },
            Reference = null,
        };
        var file = _tools.Save("names.pdf", InvoiceExamples.WithLogo().Render(invoice, InvoiceExamples.AnyXml));

        ShouldBeTidy(PdfTools.Words(file));
    }

    [Fact]
    public void Words_that_touch_or_leave_the_page_would_be_found()
    {
        Word[] page = [new("one", 30, 100, 40, 104), new("two", 39, 100, 50, 104)];

        Should.Throw<ShouldAssertException>(() => ShouldBeTidy([page]));
        Should.Throw<ShouldAssertException>(() => ShouldBeTidy([[new("out", 190, 100, 201, 104)]]));
    }

    [Fact]
    public void A_table_breaks_between_rows_carries_its_sum_and_keeps_the_total_with_the_last_row()
    {
        for (var lines = 1; lines <= 70; lines++)
        {
            var invoice = InvoiceExamples.WithLines(InvoiceExamples.German, lines);
            var pages = new PdfReading(InvoiceExamples.Renderer.Render(invoice, default)).Texts();
            var (sum, row) = (new Money(0), 0);
            for (var page = 0; page < pages.Count; page++)
            {
                var texts = pages[page].ToList();
                if (page > 0)
                {
                    texts[texts.IndexOf("Übertrag von der vorigen Seite") + 1].ShouldBe(InvoiceTexts.Amount(sum));
                }

                var before = row;
                while (row < lines && texts.Contains($"Lizenz L-{1001 + row}"))
                {
                    sum += invoice.Lines[row++].Net;
                }

                row.ShouldBeGreaterThan(before);
                texts.Contains("Rechnungsbetrag").ShouldBe(row == lines);
                texts.Contains("Zahlen mit Code").ShouldBe(row == lines);
                if (row < lines)
                {
                    texts[texts.IndexOf("Übertrag") + 1].ShouldBe(InvoiceTexts.Amount(sum));
                }
            }

            row.ShouldBe(lines);
        }
    }

    [Fact]
    public void European_addresses_are_drawn_letter_by_letter()
    {
        string[] letters =
        [
            "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß", "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ",
            "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚě", "ĞğĠġĢģĦħĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁł",
            "ŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŞşŠšŢţŤť", "ŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚț",
            "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέήίόύώ", "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
            "абвгдежзийклмнопрстуфхцчшщъыьэюя", "ЂЃЄЅІЇЈЉЊЋЌЎЏђѓєѕіїјљњћќўџґ",
        ];
        foreach (var text in letters.SelectMany(line => line.Chunk(16).Select(part => new string(part))))
        {
            var invoice = InvoiceExamples.German with { Buyer = InvoiceExamples.German.Buyer with { City = text } };

            Text(invoice).ShouldContain(text);
        }
    }

    [Fact]
    public void Letters_with_separate_accents_are_drawn_as_one_and_what_is_invisible_is_not_drawn()
    {
        var invoice = InvoiceExamples.German with { Buyer = InvoiceExamples.German.Buyer with { City = "Mu\u0308n\u00ADch\u200Ben" } };

        Text(invoice).ShouldContain("90402 München");
    }

    /// <summary>Point 8: whoever reads it on paper needs no glass; what does not fit is wrapped.</summary>
    [Fact]
    public void Nothing_is_smaller_than_eight_points()
    {
        foreach (var (name, invoice) in InvoiceExamples.All)
        {
            var reading = new PdfReading(InvoiceExamples.Renderer.Render(invoice, default));
            reading.Sizes().Min().ShouldBeGreaterThanOrEqualTo(8, name);
        }
    }

    /// <summary>Point 8: a word goes on in the next line with a hyphen, a number or a code behind what separates its parts.</summary>
    [Fact]
    public void Long_words_are_broken_with_a_hyphen_and_codes_behind_their_own()
    {
        var style = new TextStyle(InvoiceExamples.Artwork(new VendorOptions()).NewFonts().Regular, 10);

        var word = style.Wrap("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", 40);
        word.SkipLast(1).ShouldAllBe(line => line.EndsWith('-'));
        string.Concat(word.Select(line => line.TrimEnd('-'))).ShouldBe("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk");
        style.Wrap("7K3QM-PP7FH-7K3QM-PP7FH", 30).ShouldBe(["7K3QM-PP7FH-", "7K3QM-PP7FH"]);
        style.Wrap("rechnungswesen.lizenzen@muster.example", 45).ShouldBe(["rechnungswesen.lizenzen@", "muster.example"]);
        string.Concat(style.Wrap(new string('7', 60), 40)).ShouldBe(new string('7', 60), "a hyphen would become part of a number");
        word.Concat(style.Wrap("Muster GmbH", 40)).ShouldAllBe(line => style.WidthOf(line) <= 40);
    }

    /// <summary>Point 2: what the font does not have, or what would have to be shaped, is named and not drawn apart.</summary>
    [Fact]
    public void Letters_that_cannot_be_drawn_are_named()
    {
        var letters = new InvoiceLetters(InvoiceExamples.Artwork(new VendorOptions()));

        foreach (var drawn in (string[])["Müller & Söhne", "Mu\u0308ller", "Παράδειγμα", "Пример", "Ǻse", "12,50 € – “x” − 1"])
        {
            letters.FirstMissing(drawn).ShouldBeNull(drawn);
        }

        foreach (var (text, missing) in (
            (string, string)[])[("株式会社", "株"), ("Muster \U0001F355", "\U0001F355"), ("N\u0308", "N\u0308"), ("שלום", "ש"), ("नमस्ते", "न")])
        {
            letters.FirstMissing(text).ShouldBe(missing);
        }
    }

    /// <summary>The code of a bank is as it is on every invoice; nothing may overlap what the code is read from.</summary>
    [Theory]
    [InlineData("german")]
    [InlineData("english")]
    [InlineData("longest")]
    public void Banking_apps_read_the_code_from_the_page(string name)
    {
        var invoice = InvoiceExamples.All[name];
        var file = _tools.Save("code.pdf", InvoiceExamples.WithLogo().Render(invoice, InvoiceExamples.AnyXml));
        PdfTools.Run("pdftoppm", "-r", "300", "-png", file, Path.Combine(_tools.Folder, "page"));

        var codes = Directory.GetFiles(_tools.Folder, "page*.png")
            .Select(page => PdfTools.Try("zbarimg", "-q", "--raw", "-Sbinary", page).Output).Where(code => code.Length > 0);

        codes.ShouldHaveSingleItem().ShouldBe(Encoding.UTF8.GetString(GiroCode.For(invoice)!));
    }

    /// <summary>For the eye, with <c>./test.sh --screens</c>; otherwise only that they can be made.</summary>
    [Fact]
    public void Pictures()
    {
        var folder = Environment.GetEnvironmentVariable("SELFHELP_SCREENS");
        foreach (var (name, invoice) in InvoiceExamples.All)
        {
            var renderer = name is "english" or "longest" or "three-pages" ? InvoiceExamples.WithLogo() : InvoiceExamples.Renderer;
            var file = _tools.Save($"{name}.pdf", renderer.Render(invoice, InvoiceExamples.AnyXml));
            PdfTools.Run("pdftoppm", "-r", "80", "-png", file, Path.Combine(folder ?? _tools.Folder, $"invoice-{name}"));
            Directory.GetFiles(folder ?? _tools.Folder, $"invoice-{name}-*.png").ShouldNotBeEmpty();
        }
    }

    public void Dispose() => _tools.Dispose();

    /// <summary>As it is read, each run of spaces one.</summary>
    private string Text(InvoiceContent invoice)
    {
        var file = _tools.Save("text.pdf", InvoiceExamples.Renderer.Render(invoice, InvoiceExamples.AnyXml));
        return string.Join(' ', PdfTools.Run("pdftotext", "-layout", file, "-")
            .Split([' ', '\n', '\f', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static void ShouldBeTidy(IReadOnlyList<IReadOnlyList<Word>> pages)
    {
        // Boxes reach from the highest to the lowest letter of the font, so that those of neighboring lines may come this near.
        const double Touch = 0.2;
        foreach (var page in pages)
        {
            page.ShouldNotBeEmpty();
            page.ShouldAllBe(word => word.Left >= 20 && word.Right <= 200 && word.Top >= 5 && word.Bottom <= 292);
            for (var i = 0; i < page.Count; i++)
            {
                foreach (var other in page.Skip(i + 1))
                {
                    var (wide, high) = (
                        Math.Min(page[i].Right, other.Right) - Math.Max(page[i].Left, other.Left),
                        Math.Min(page[i].Bottom, other.Bottom) - Math.Max(page[i].Top, other.Top));
                    (wide > Touch && high > Touch).ShouldBeFalse($"{page[i]} touches {other}");
                }
            }
        }
    }
}
