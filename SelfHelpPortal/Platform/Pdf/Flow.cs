namespace SelfHelpPortal.Platform.Pdf;

/// <summary>A part of a page that is never split.</summary>
/// <param name="Height">In millimeters.</param>
/// <param name="Draw">Is told where the block begins.</param>
internal readonly record struct Block(double Height, Action<Canvas, double> Draw);

/// <summary>Places blocks one below the other, on as many pages as they need. Drawing waits until the number of pages is known.</summary>
/// <param name="firstTop">Where the first page's blocks begin, in millimeters.</param>
/// <param name="top">Where they begin on the others.</param>
/// <param name="bottom">Where they end on all.</param>
internal sealed class Flow(double firstTop, double top, double bottom)
{
    private readonly List<List<Action<Canvas>>> _pages = [[]];
    private double _y = firstTop;

    public int PageCount => _pages.Count;

    private double Room => bottom - _y;

    private bool AtTop => _pages[^1].Count == 0;

    public void Add(Block block)
    {
        if (Room < block.Height && !AtTop)
        {
            NextPage();
        }

        Put(block);
    }

    /// <summary>Room before the next block, unless that begins a page.</summary>
    public void Space(double height) => _y += AtTop ? 0 : height;

    /// <summary>Rows under a head that each page repeats. The last row stays together with what closes the table.</summary>
    /// <param name="carriedOut">After so many rows, before the page ends.</param>
    /// <param name="carriedIn">The same on the next page.</param>
    public void AddTable(Block head, IReadOnlyList<Block> rows, Block closing, Func<int, Block> carriedOut, Func<int, Block> carriedIn)
    {
        // What must still fit below a row on its page.
        double After(int row) => row == rows.Count - 1 ? closing.Height : carriedOut(row + 1).Height;
        if (Room < head.Height + rows[0].Height + After(0) && !AtTop)
        {
            NextPage();
        }

        Put(head);
        Put(rows[0]);
        for (var row = 1; row < rows.Count; row++)
        {
            if (Room < rows[row].Height + After(row))
            {
                Put(carriedOut(row));
                NextPage();
                Put(head);
                Put(carriedIn(row));
            }

            Put(rows[row]);
        }

        Put(closing);
    }

    /// <param name="page">From 0.</param>
    public void DrawPage(int page, Canvas canvas) => _pages[page].ForEach(draw => draw(canvas));

    private void NextPage()
    {
        _pages.Add([]);
        _y = top;
    }

    private void Put(Block block)
    {
        if (Room < block.Height)
        {
            throw new InvoiceTextException(InvoiceTexts.OfReader["TooLong"]);
        }

        var y = _y;
        _pages[^1].Add(canvas => block.Draw(canvas, y));
        _y += block.Height;
    }
}
