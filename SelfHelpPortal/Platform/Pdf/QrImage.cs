using QRCoder;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>A QR code as dark runs of its rows.</summary>
/// <param name="Size">Modules of a side, with the quiet zone of four.</param>
internal sealed record QrImage(int Size, IReadOnlyList<(int Column, int Row, int Length)> Runs)
{
    public static QrImage From(byte[] payload)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(payload, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        List<(int, int, int)> runs = [];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows.Count; column++)
            {
                var start = column;
                while (column < rows.Count && rows[row][column])
                {
                    column++;
                }

                if (column > start)
                {
                    runs.Add((start, row, column - start));
                }
            }
        }

        return new QrImage(rows.Count, runs);
    }
}
