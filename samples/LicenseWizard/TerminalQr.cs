using System.Collections;
using System.Text;
using QRCoder;

namespace LicenseWizard;

/// <summary>
/// A QR code in half blocks, two modules a character, with the quiet zone; in black on white whatever the terminal's colors are.
/// </summary>
internal static class TerminalQr
{
    private const string BlackOnWhite = "\u001b[30;107m";
    private const string Normal = "\u001b[0m";

    public static string Draw(string link)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(link, QRCodeGenerator.ECCLevel.M);
        var modules = code.ModuleMatrix;
        var picture = new StringBuilder();
        for (var row = 0; row < modules.Count; row += 2)
        {
            picture.Append(BlackOnWhite);
            for (var column = 0; column < modules[row].Count; column++)
            {
                picture.Append((Dark(modules, row, column), Dark(modules, row + 1, column)) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }

            picture.Append(Normal).Append('\n');
        }

        return picture.ToString();
    }

    private static bool Dark(List<BitArray> modules, int row, int column) => row < modules.Count && modules[row][column];
}
