using System.Globalization;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>What flows: sentences, the table with its sums, how to pay, notes.</summary>
internal sealed partial class InvoiceLayout
{
    /// <summary>From the top of a line to its base, at 10 points.</summary>
    private const double Rise = 3.4;

    private const double ItemLeft = 35;
    private const double ItemWidth = 75;
    private const double QuantityRight = 128;
    private const double UnitPriceRight = 150;
    private const double VatRight = 165;
    private const double SmallStep = 3.8;
    private const double SumStep = 5.5;
    private const double SumsLeft = 110;

    private const double CodeSize = 30;

    private Flow Body()
    {
        var flow = new Flow(firstTop: 110 - Rise + Pushed, top: 25, bottom: FootRule - 7);
        if (_invoice.Cancels is { } cancels)
        {
            AddParagraph(flow, _texts["Cancels", cancels.Number, InvoiceTexts.Date(cancels.IssueDate)], Bold(10));
            flow.Space(1.5);
        }

        foreach (var (label, value) in _longFacts)
        {
            AddParagraph(flow, $"{label}: {value}", Regular(10));
        }

        flow.Space(_longFacts.Count > 0 ? 1.5 : 0);
        foreach (var sentence in _invoice.Introduction)
        {
            AddParagraph(flow, sentence, Regular(10));
        }

        flow.Space(4);
        flow.AddTable(TableHead(), [.. _invoice.Lines.Select(Row)], Closing(), rows => Carried("CarriedOut", rows),
            rows => Carried("CarriedIn", rows));
        flow.Space(4);
        foreach (var note in _invoice.Notes)
        {
            AddParagraph(flow, note, Regular(9));
        }

        return flow;
    }

    private static void AddParagraph(Flow flow, string text, TextStyle style)
    {
        foreach (var line in style.Wrap(text, Right - Left))
        {
            flow.Add(new Block(style.Size * Step / 10, (canvas, y) => canvas.Text(Left, y + (style.Size * Rise / 10), style, line)));
        }
    }

    private Block TableHead() => new(6.5, (canvas, y) =>
    {
        y += Rise;
        canvas.Text(Left, y, Bold(9), _texts["Column.Position"]);
        canvas.Text(ItemLeft, y, Bold(9), _texts["Column.Item"]);
        canvas.Text(QuantityRight, y, Bold(9), _texts["Column.Quantity"], Align.Right);
        canvas.Text(UnitPriceRight, y, Bold(9), _texts["Column.UnitPrice"], Align.Right);
        canvas.Text(VatRight, y, Bold(9), _texts["Column.Vat"], Align.Right);
        canvas.Text(Right, y, Bold(9), _texts["Column.Amount"], Align.Right);
        canvas.Line(Left, y + 1.6, Right, y + 1.6, 0.3);
    });

    private Block Row(InvoiceLine line, int index)
    {
        var names = Regular(10).Wrap(line.Name, ItemWidth);
        var details = Details(line).SelectMany(text => Regular(8).Wrap(text, ItemWidth)).ToList();
        var height = (names.Count * Step) + (details.Count * SmallStep) + 2;
        return new Block(height, (canvas, y) =>
        {
            var lineBase = y + Rise;
            canvas.Text(Left, lineBase, Regular(10), Figure(index + 1));
            DrawLines(canvas, names, lineBase, Step, Regular(10));
            DrawFigure(canvas, QuantityRight, lineBase, InvoiceTexts.Count(line.Quantity));
            DrawFigure(canvas, UnitPriceRight, lineBase, InvoiceTexts.Amount(line.UnitNet));
            DrawFigure(canvas, VatRight, lineBase, _invoice.Vat.Case switch
            {
                VatCase.Domestic => InvoiceTexts.Percent(_invoice.Vat.Rate),
                VatCase.ReverseCharge or VatCase.ThirdCountry or VatCase.SmallBusiness => "–",
            });
            DrawFigure(canvas, Right, lineBase, InvoiceTexts.Amount(line.Net));
            DrawLines(canvas, details, lineBase + (names.Count * Step) - 0.4, SmallStep, Regular(8));
            canvas.Line(Left, y + height - 1, Right, y + height - 1, 0.15);
        });
    }

    private IEnumerable<string> Details(InvoiceLine line)
    {
        if (!string.IsNullOrWhiteSpace(line.Description))
        {
            yield return line.Description;
        }

        if (line.Period is { } period)
        {
            yield return _texts["Period", InvoiceTexts.Date(period.From), InvoiceTexts.Date(period.To)];
        }
    }

    private Block Carried(string key, int rows)
    {
        var sum = _invoice.Lines.Take(rows).Aggregate(new Money(0), (sum, line) => sum + line.Net);
        return new Block(7.5, (canvas, y) =>
        {
            canvas.Text(VatRight, y + Rise + 0.7, Regular(10), _texts[key], Align.Right);
            DrawFigure(canvas, Right, y + Rise + 0.7, InvoiceTexts.Amount(sum));
        });
    }

    /// <summary>The sums, and of an invoice how to pay: together, so that nobody looks for the amount on another page.</summary>
    private Block Closing()
    {
        const double Gap = 4;
        if (_invoice.Kind == InvoiceKind.Cancellation)
        {
            return Sums();
        }

        var (sums, payment) = (Sums(), Payment());
        return new Block(sums.Height + Gap + payment.Height, (canvas, y) =>
        {
            sums.Draw(canvas, y);
            payment.Draw(canvas, y + sums.Height + Gap);
        });
    }

    private Block Sums()
    {
        var totals = _invoice.Totals;
        var (total, exempt) = (_invoice.Kind == InvoiceKind.Cancellation ? "GrossCancelled" : "Gross", _invoice.Vat.Reason is not null);

        // § 34a UStDV: a small business names one sum and why there is no tax in it.
        var net = _invoice.Vat.Case == VatCase.SmallBusiness ? null : (_texts["Net"], InvoiceTexts.Amount(totals.Net)) as (string, string)?;
        var vat = exempt ? null : (_texts["Vat", InvoiceTexts.Percent(_invoice.Vat.Rate), InvoiceTexts.Amount(totals.Net)],
            InvoiceTexts.Amount(totals.Vat)) as (string, string)?;
        var reason = exempt ? Regular(10).Wrap(_invoice.Vat.Reason!, Right - Left) : [];
        (string Label, string Amount)[] sums = [.. new[] { net, vat }.OfType<(string, string)>()];
        // As long as the longest label above it.
        var left = sums.Select(sum => VatRight - Regular(10).WidthOf(sum.Label)).Append(SumsLeft).Min();
        var height = 2.6 + (sums.Length * SumStep) + (reason.Count * SumStep) + 1 + SumStep;
        return new Block(height, (canvas, y) =>
        {
            y += 2.6 + Rise;
            foreach (var (label, amount) in sums)
            {
                canvas.Text(VatRight, y, Regular(10), label, Align.Right);
                DrawFigure(canvas, Right, y, amount);
                y += SumStep;
            }

            foreach (var line in reason)
            {
                canvas.Text(Right, y, Regular(10), line, Align.Right);
                y += SumStep;
            }

            y += 1;
            canvas.Line(left, y - 4.7, Right, y - 4.7, 0.3);
            canvas.Text(VatRight, y, Bold(10), _texts[total], Align.Right);
            DrawFigure(canvas, Right, y, InvoiceTexts.Amount(totals.Gross), Bold(10));
        });
    }

    /// <summary>As text for everybody, as a code for banking apps.</summary>
    private Block Payment()
    {
        var code = GiroCode.For(_invoice) is { } payload ? QrImage.From(payload) : null;
        var until = _invoice.DueDate is { } due ? _texts["PayUntil", InvoiceTexts.Date(due)] : _texts["Pay"];
        string?[] rows =
        [
            _texts["Payee", _invoice.Seller.Name],
            $"IBAN: {InvoiceTexts.Account(_invoice.Seller.Iban)}",
            _invoice.Seller.Bic is { } bic ? $"BIC: {bic}" : null,
            _invoice.Number is { } number ? _texts["Text", number] : null,
        ];
        var codeLeft = Right - CodeSize;
        var lines = rows.OfType<string>().SelectMany(row => Regular(10).Wrap(row, codeLeft - Left - 5)).ToList();
        return new Block(Math.Max(34, 8 + (lines.Count * 4.6)), (canvas, y) =>
        {
            canvas.Text(Left, y + 4, Bold(10), until);
            var rowBase = y + 10;
            foreach (var line in lines)
            {
                canvas.Text(Left, rowBase, Regular(10), line);
                rowBase += 4.6;
            }

            if (code is not null)
            {
                canvas.Cells(codeLeft, y, CodeSize, code.Size, code.Runs);
                canvas.Text(codeLeft + (CodeSize / 2), y + 33.5, Regular(Least), _texts["PayByCode"], Align.Center);
            }
        });
    }

    private static void DrawLines(Canvas canvas, IEnumerable<string> lines, double y, double step, TextStyle style)
    {
        foreach (var line in lines)
        {
            canvas.Text(ItemLeft, y, style, line);
            y += step;
        }
    }

    /// <summary>Smaller where it would touch the column before it.</summary>
    private void DrawFigure(Canvas canvas, double right, double y, string figure, TextStyle? style = null)
    {
        var width = right switch { Right => 22.5, UnitPriceRight => 20, VatRight => 12.5, _ => 15 };
        canvas.Text(right, y, (style ?? Regular(10)).Fit(figure, width, Least), figure, Align.Right);
    }

    private static string Figure(int number) => number.ToString(CultureInfo.InvariantCulture);
}
