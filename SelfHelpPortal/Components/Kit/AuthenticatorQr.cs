using System.Text;
using QRCoder;

namespace SelfHelpPortal.Components.Kit;

/// <summary>A QR code as the path of an SVG: drawn on the server, without a script, an image file or a style attribute.</summary>
/// <param name="Size">Side in modules, the quiet zone included.</param>
/// <param name="Path">For the attribute <c>d</c>: one rectangle for each run of dark modules.</param>
internal sealed record AuthenticatorQr(int Size, string Path)
{
    public static AuthenticatorQr From(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(Encoding.UTF8.GetBytes(text), QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                var start = x;
                while (x < rows.Count && rows[y][x])
                {
                    x++;
                }

                if (x > start)
                {
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
                }
            }
        }

        return new AuthenticatorQr(rows.Count, path.ToString());
    }
}
