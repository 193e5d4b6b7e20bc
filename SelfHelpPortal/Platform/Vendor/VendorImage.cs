using System.Globalization;
using System.Security.Cryptography;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Images;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>A picture of the vendor's that keeps every rule: it can stand on pages and on invoices.</summary>
internal sealed class VendorImage
{
    public const string ContentType = "image/png";

    /// <summary>Where pictures are served, by their checksum.</summary>
    public const string Root = "/brand";

    private const string Ending = ".png";

    /// <summary>A browser's tab and a phone's home screen show it between these sizes, in pixels.</summary>
    private const int SmallestIcon = 32;

    private const int LargestIcon = 512;

    private VendorImage(PngFile png) => (Png, Sha256) = (png, Convert.ToHexStringLower(SHA256.HashData(png.Bytes)));

    public PngFile Png { get; }

    /// <summary>Lower-case hex. By it versions of the vendor's data name the picture.</summary>
    public string Sha256 { get; }

    public byte[] Bytes => Png.Bytes;

    /// <summary>As the file of settings and the form have it.</summary>
    public string Base64 => Convert.ToBase64String(Bytes);

    /// <summary>For a page that shows it before it is stored.</summary>
    public string DataUri => $"data:{ContentType};base64,{Base64}";

    /// <summary>The path of the picture. Another picture has another one, so a browser may keep this for good.</summary>
    public string Address => $"{Root}/{Sha256}{Ending}";

    /// <returns>Null when that is no name of a picture.</returns>
    public static string? ChecksumIn(string fileName) =>
        fileName.EndsWith(Ending, StringComparison.Ordinal) && IsChecksum(fileName[..^Ending.Length]) ? fileName[..^Ending.Length] : null;

    public static bool IsChecksum(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <param name="path">Which picture of <see cref="VendorSettings"/>.</param>
    /// <returns>The picture, or what is wrong with it as a problem of the path.</returns>
    public static (VendorImage? Image, BrokenRule? Problem) Read(string path, byte[] file)
    {
        var (png, problem) = PngFile.Read(file);
        if (png is null)
        {
            return (null, Sentence(path, problem!.Value, file.Length));
        }

        return path == "icon" && (png.Width != png.Height || png.Width is < SmallestIcon or > LargestIcon)
            ? (null, new(
                path, $"Das Symbol ist quadratisch und hat {SmallestIcon} bis {LargestIcon} Pixel je Seite; dieses hat {png.Width} × "
                    + $"{png.Height}.",
                $"The icon is a square of {SmallestIcon} to {LargestIcon} pixels a side; this one has {png.Width} × {png.Height}."))
            : (new(png), null);
    }

    /// <param name="base64">As the file of settings has it.</param>
    /// <inheritdoc cref="Read"/>
    public static (VendorImage? Image, BrokenRule? Problem) ReadBase64(string path, string base64)
    {
        var length = base64.Length / 4 * 3;
        if (length > PngFile.MaxBytes + 2)
        {
            return (null, Sentence(path, PngProblem.TooManyBytes, length));
        }

        var file = new byte[length + 3];
        return Convert.TryFromBase64String(base64, file, out var written)
            ? Read(path, file[..written])
            : (null, Sentence(path, PngProblem.NoPng, length));
    }

    /// <summary>For a file that is too large to be read.</summary>
    public static BrokenRule TooLarge(string path, long length) => Sentence(path, PngProblem.TooManyBytes, length);

    private static BrokenRule Sentence(string path, PngProblem problem, long length) => problem switch
    {
        PngProblem.TooManyBytes => new(
            path, $"Das Bild hat {Kilobytes(length)} KB, möglich sind {PngFile.MaxBytes / 1024}. Speichern Sie es kleiner, etwa 600 "
                + "Pixel breit oder mit weniger Farben.",
            $"The picture has {Kilobytes(length)} KB, {PngFile.MaxBytes / 1024} are possible. Save it smaller, for instance 600 pixels "
                + "wide or with fewer colors."),
        PngProblem.NoPng => new(
            path,
            "Das ist kein PNG. Speichern Sie das Bild als PNG; SVG und JPEG werden nicht angenommen.",
            "This is not a PNG. Save the picture as PNG; SVG and JPEG are not accepted."),
        PngProblem.Unsupported => new(
            path,
            "Speichern Sie das PNG ohne Interlacing, ohne Animation und mit 8 Bit je Farbe, sonst kann es nicht auf Rechnungen stehen.",
            "Save the PNG without interlacing, without animation and with 8 bits per color; otherwise it cannot stand on invoices."),
        PngProblem.TooManyPixels => new(
            path, $"Das Bild ist breiter oder höher als {PngFile.MaxSide} Pixel. Speichern Sie es kleiner, etwa 600 Pixel breit.",
            $"The picture is wider or higher than {PngFile.MaxSide} pixels. Save it smaller, for instance 600 pixels wide."),
        PngProblem.Damaged => new(
            path, "Das PNG ist beschädigt. Speichern Sie das Bild noch einmal.", "The PNG is damaged. Save the picture once more."),
    };

    private static string Kilobytes(long bytes) => ((bytes + 1023) / 1024).ToString(CultureInfo.InvariantCulture);
}
