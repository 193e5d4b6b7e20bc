using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// What an invoice looks like: A4 after DIN 5008, form B. Lengths are millimeters from the upper left corner, sizes of type are points.
/// This part is the frame of the letter; the other part is what flows through its pages.
/// </summary>
internal sealed partial class InvoiceLayout
{
    private const double Left = 25;
    private const double Right = 190;

    private const double AddressWidth = 80;
    private const double AddressBase = 66.7;
    private const double AddressHeight = 27.3;
    private const double LongestAddressEnd = 97;
    private const double WidestAddress = 95;
    private const int MostSenderLines = 5;
    private const int MostAddressLines = 16;

    /// <summary>Points; nothing on the page is smaller.</summary>
    private const double Least = 8;

    private const double FactLabel = 125;
    private const double FactValue = 162;
    private const double FactEnd = 200;
    private const double FactBase = 53.3;
    private const int MaxFacts = 9;

    private const double Step = 4.55;
    private const double FootStep = 3.7;
    private const double LastFootLine = 283;

    private readonly InvoiceContent _invoice;
    private readonly EmbeddedFont _regular;
    private readonly EmbeddedFont _bold;
    private readonly PngImage? _logo;
    private readonly InvoiceTexts _texts;
    private readonly IReadOnlyList<string> _foot;
    private readonly (TextStyle Style, IReadOnlyList<string> Lines) _address;

    /// <summary>The references of the buyer that are too long for the information block stand above the table instead.</summary>
    private readonly List<(string Label, string Value)> _longFacts;

    private readonly List<(string Label, string Value)> _facts;

    public InvoiceLayout(InvoiceContent invoice, EmbeddedFont regular, EmbeddedFont bold, PngImage? logo)
    {
        (_invoice, _regular, _bold, _logo) = (invoice, regular, bold, logo);
        _texts = new InvoiceTexts(System.Globalization.CultureInfo.GetCultureInfo(invoice.Language));
        var facts = Facts().ToLookup(fact => Regular(9).WidthOf(fact.Value) <= FactEnd - FactValue);
        (_facts, _longFacts) = ([.. facts[true].Take(MaxFacts)], [.. facts[true].Skip(MaxFacts), .. facts[false]]);
        _foot = FootLines();
        _address = Address();
    }

    public string Title => _invoice switch
    {
        { Kind: InvoiceKind.Invoice, Number: { } number } => _texts["Invoice", number],
        { Kind: InvoiceKind.Cancellation, Number: { } number } => _texts["Cancellation", number],
        { Kind: InvoiceKind.Invoice } => _texts["Draft.Invoice"],
        { Kind: InvoiceKind.Cancellation } => _texts["Draft.Cancellation"],
        _ => throw new ArgumentOutOfRangeException(nameof(Title)),
    };

    /// <exception cref="InvoiceTextException">A character has no glyph, or a text is longer than a page.</exception>
    public IReadOnlyList<Canvas> Draw()
    {
        var flow = Body();
        List<Canvas> pages = [];
        for (var page = 0; page < flow.PageCount; page++)
        {
            var canvas = new Canvas();
            if (_invoice.Number is null)
            {
                canvas.Stamp(Bold(110), _texts["Draft"], 55);
            }

            if (page == 0)
            {
                DrawHead(canvas);
                DrawAddress(canvas);
                DrawFacts(canvas);
                canvas.Text(Left, 101.5 + Pushed, Bold(12), Title);
            }
            else
            {
                canvas.Text(Left, 18, Regular(9), _texts["RunningHead", Title, page + 1, flow.PageCount]);
            }

            flow.DrawPage(page, canvas);
            DrawFoot(canvas, page + 1, flow.PageCount);
            pages.Add(canvas);
        }

        return pages;
    }

    /// <summary>Nobody is to pay what takes an invoice back.</summary>
    private bool HasAccount => _invoice.Kind == InvoiceKind.Invoice;

    private double FootRule => LastFootLine - (FootStep * (Math.Max(_foot.Count, 3) - 1)) - 4;

    private TextStyle Regular(double size) => new(_regular, size);

    private TextStyle Bold(double size) => new(_bold, size);

    private void DrawHead(Canvas canvas)
    {
        if (_logo is not null)
        {
            canvas.Image(PdfPages.LogoResource, _logo, 125, 12, 65, 25);
        }

        var width = (_logo is null ? Right : 120) - Left;
        var (style, lines) = Largest(Bold(14), Least, style => style.Wrap(_invoice.Seller.Name, width), style => 4 * 6 / HeadStep(style));
        for (var i = 0; i < lines.Count; i++)
        {
            canvas.Text(Left, 22 + (i * HeadStep(style)), style, lines[i]);
        }

        // Where to fold and to punch.
        canvas.Line(5, 105, 9, 105, 0.15, gray: 0.45);
        canvas.Line(5, 148.5, 11, 148.5, 0.15, gray: 0.45);
        canvas.Line(5, 210, 9, 210, 0.15, gray: 0.45);
    }

    private void DrawAddress(Canvas canvas)
    {
        // The sender's zone is filled from below.
        var seller = _invoice.Seller;
        var sender = $"{seller.Name} · {seller.Street} · {seller.PostalCode}\u00A0{seller.City}{SellerCountry(" · ")}";
        var (small, senderLines) = Largest(Regular(Least), Least, style => Fewest(style, sender), _ => MostSenderLines);
        for (var i = 0; i < senderLines.Count; i++)
        {
            canvas.Text(Left, 61.2 - (3 * (senderLines.Count - 1 - i)), small, senderLines[i]);
        }

        var (style, lines) = _address;
        for (var i = 0; i < lines.Count; i++)
        {
            canvas.Text(Left, AddressBase + (i * AddressStep(style)), style, lines[i]);
        }
    }

    /// <summary>As wide as the address field, or wider where that saves a line.</summary>
    private static IReadOnlyList<string> Fewest(TextStyle style, string text) =>
        (style.Wrap(text, AddressWidth), style.Wrap(text, WidestAddress)) is var (narrow, wide) && wide.Count < narrow.Count
            ? wide
            : narrow;

    /// <summary>Six lines of 10 points. Long names get smaller type and then wider lines, and what is below the field makes room.</summary>
    private (TextStyle Style, IReadOnlyList<string> Lines) Address() => Largest(
        Regular(10), Least, AddressLines, style => style.Size > Least ? AddressHeight / AddressStep(style) : MostAddressLines);

    private static double AddressStep(TextStyle style) => style.Size * Step / 10;

    /// <summary>By how much an address that is longer than its field pushes the letter down.</summary>
    private double Pushed =>
        Math.Max(0, AddressBase + (_address.Lines.Count * AddressStep(_address.Style)) - LongestAddressEnd);

    /// <summary>Whoever is abroad has to know where the seller is.</summary>
    private string? SellerCountry(string before) =>
        _invoice.Buyer.Country == _invoice.Seller.Country ? null : before + _texts.CountryName(_invoice.Seller.Country);

    /// <summary>The largest type, from <paramref name="most"/> down, of which so many lines fit as the text then has.</summary>
    /// <exception cref="InvoiceTextException">Not even the least type is small enough.</exception>
    private static (TextStyle Style, IReadOnlyList<string> Lines) Largest(
        TextStyle most, double least, Func<TextStyle, IReadOnlyList<string>> wrap, Func<TextStyle, double> fitting)
    {
        for (var style = most; style.Size >= least; style = style with { Size = style.Size - 1 })
        {
            if (wrap(style) is var lines && lines.Count <= fitting(style))
            {
                return (style, lines);
            }
        }

        throw new InvoiceTextException(InvoiceTexts.OfReader["NoRoom", wrap(most)[0]]);
    }

    private static double HeadStep(TextStyle style) => style.Size * 6 / 14;

    private List<string> AddressLines(TextStyle style)
    {
        var buyer = _invoice.Buyer;
        string?[] lines =
        [
            buyer.Name,
            buyer.Company is null ? null : buyer.Person,
            buyer.Street,
            buyer.Street2,
            $"{buyer.PostalCode} {buyer.City}",
            buyer.Country == _invoice.Seller.Country ? null : _texts.Country(buyer.Country),
        ];
        var width = style.Size > Least ? AddressWidth : WidestAddress;
        return [.. lines.Where(line => !string.IsNullOrWhiteSpace(line)).SelectMany(line => style.Wrap(line!, width))];
    }

    private IEnumerable<(string Label, string Value)> Facts()
    {
        (string Key, string? Value)[] facts =
        [
            ("Number", _invoice.Number),
            ("IssueDate", InvoiceTexts.Date(_invoice.IssueDate)),
            _invoice.ServicePeriod is { } period
                ? ("ServicePeriod", InvoiceTexts.FromTo(period.From, period.To))
                : ("ServiceDate", InvoiceTexts.Date(_invoice.ServiceDate)),
            ("Reference", _invoice.Reference),
            ("CustomerNumber", _invoice.Buyer.CustomerNumber),
            ("BuyerVatId", _invoice.Vat.Case == VatCase.ThirdCountry ? null : _invoice.Buyer.VatId),
            ("BuyerReference", _invoice.Buyer.BuyerReference),
            ("OrderNumber", _invoice.Buyer.OrderNumber),
            ("DueDate", _invoice.DueDate is { } due ? InvoiceTexts.Date(due) : null),
        ];
        return facts.Where(fact => !string.IsNullOrWhiteSpace(fact.Value)).Select(fact => (_texts[fact.Key], fact.Value!));
    }

    private void DrawFacts(Canvas canvas)
    {
        var y = FactBase;
        foreach (var (label, value) in _facts)
        {
            canvas.Text(FactLabel, y, Regular(9), label);
            canvas.Text(FactValue, y, Regular(9), value);
            y += Step;
        }
    }

    private void DrawFoot(Canvas canvas, int page, int pages)
    {
        canvas.Line(Left, FootRule, Right, FootRule, 0.15);
        var y = FootRule + 4;
        foreach (var line in _foot)
        {
            canvas.Text(Left, y, Regular(Least), line);
            y += FootStep;
        }

        canvas.Text(Right, LastFootLine, Regular(Least), _texts["Page", page, pages], Align.Right);
    }

    /// <summary>
    /// Who the seller is and where its account is; broken between two entries. The last lines leave room for the page's number.
    /// </summary>
    private List<string> FootLines()
    {
        var seller = _invoice.Seller;

        // Outside the EU the XML must not name the VAT id, and the page says the same as the XML.
        var vatId = _invoice.Vat.Case == VatCase.ThirdCountry ? null : seller.VatId;
        string?[] entries =
        [
            seller.Name,
            $"{seller.Street}, {seller.PostalCode}\u00A0{seller.City}{SellerCountry(", ")}",
            seller.Seat is { } seat ? _texts["Seat", seat] : null,
            seller.Register,
            seller.RepresentedBy is null ? null : _texts["RepresentedBy", seller.RepresentedBy],
            vatId is null ? null : _texts["SellerVatId", vatId],
            seller.TaxNumber is null ? null : _texts["TaxNumber", seller.TaxNumber],
            seller.BillingMail,
            seller.ContactPhone,
            _invoice.Vat.Case == VatCase.SmallBusiness ? LegalTexts.SmallBusiness : null,
            HasAccount ? $"IBAN\u00A0{InvoiceTexts.Account(seller.Iban)}" : null,
            HasAccount && seller.Bic is not null ? $"BIC\u00A0{seller.Bic}" : null,
        ];
        var style = Regular(Least);
        var width = Right - Left - 20;
        List<string> lines = [];
        foreach (var entry in entries.Where(entry => !string.IsNullOrWhiteSpace(entry)))
        {
            if (lines.Count > 0 && style.WidthOf($"{lines[^1]} · {entry}") <= width)
            {
                lines[^1] = $"{lines[^1]} · {entry}";
            }
            else
            {
                lines.AddRange(style.Wrap(entry!, width));
            }
        }

        return lines;
    }
}
