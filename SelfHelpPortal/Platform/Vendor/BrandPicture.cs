using System.Globalization;
using System.Security.Cryptography;
using SelfHelpPortal.Platform.Images;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>A picture of the brand folder as pages show it: a PNG or an SVG.</summary>
/// <param name="Width">In pixels, or for a drawing in its own units; the height alike.</param>
internal sealed record BrandPicture(byte[] Bytes, string ContentType, double Width, double Height)
{
    public const string Svg = "image/svg+xml";

    /// <summary>It comes with every page.</summary>
    public const int MaxLogoBytes = PngFile.MaxBytes;

    /// <summary>It comes when somebody opens the question that it answers.</summary>
    public const int MaxPictureBytes = 100 * 1024;

    private string? _name;

    /// <summary>The file's name in the address: its checksum, so that browsers keep it and a change shows at once.</summary>
    public string Name => _name ??= Convert.ToHexStringLower(SHA256.HashData(Bytes)) + (ContentType == Svg ? ".svg" : ".png");

    public string Address => $"{VendorImage.Root}/{Name}";

    /// <param name="file">Its name says which kind it has to be.</param>
    /// <returns>The picture, or what is wrong with the file.</returns>
    public static (BrandPicture? Picture, string? Problem) Read(string file, byte[] bytes, int maxBytes)
    {
        if (bytes.Length > maxBytes)
        {
            return (null, string.Create(CultureInfo.InvariantCulture,
                $"it has {(bytes.Length + 1023) / 1024} KB; {maxBytes / 1024} KB are possible."));
        }

        if (Path.GetExtension(file).Equals(".svg", StringComparison.OrdinalIgnoreCase))
        {
            var drawing = SvgFile.Read(bytes, out var problem, out var what);
            return drawing is not null ? (new(bytes, Svg, drawing.Width, drawing.Height), null) : (null, problem switch
            {
                SvgProblem.Script => $"it could run a script ('{what}'). Save it as a plain SVG, without scripts and links.",
                SvgProblem.Foreign => $"it would load something from elsewhere ('{what}'). Save it with everything inside, and texts as "
                    + "paths.",
                SvgProblem.NoSize => "it has no viewBox, nor width and height in pixels.",
                SvgProblem.NoSvg or null => "it is no SVG.",
            });
        }

        var (png, fault) = PngFile.Read(bytes, maxBytes);
        return png is not null ? (new(bytes, VendorImage.ContentType, png.Width, png.Height), null) : (null, fault switch
        {
            PngProblem.NoPng => "it is no PNG.",
            PngProblem.TooManyPixels => $"it is wider or higher than {PngFile.MaxSide} pixels.",
            PngProblem.Unsupported => "save it without interlacing, without animation and with 8 bits per color.",
            PngProblem.Damaged or PngProblem.TooManyBytes or null => "it is damaged. Save it once more.",
        });
    }
}
