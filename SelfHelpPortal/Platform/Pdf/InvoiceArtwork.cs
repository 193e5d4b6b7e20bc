using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// The fonts and the logo of all invoices, shared by all threads. The fonts are read once; the logo is the one that the vendor has now.
/// </summary>
internal sealed class InvoiceArtwork
{
    /// <summary>Each has a name of one digit on the pages.</summary>
    private const int MostOthers = 8;

    private readonly IOptions<VendorOptions> _vendor;

    // The logo changes seldom, and invoices are drawn often.
    private volatile DrawnLogo? _drawn;

    private InvoiceArtwork(IOptions<VendorOptions> vendor) => _vendor = vendor;

    public required TrueTypeFont? Regular { get; init; }

    public required TrueTypeFont? Bold { get; init; }

    /// <summary>Of <c>Vendor:Fonts</c>, for what the two do not have.</summary>
    public required IReadOnlyList<TrueTypeFont> Others { get; init; }

    /// <summary>For one document: another one may have another logo. Null: the vendor has none.</summary>
    public PngImage? Logo
    {
        get
        {
            if (_vendor.Value.Images.Logo is not { } image)
            {
                return null;
            }

            if (_drawn is not { } drawn || drawn.Image != image)
            {
                _drawn = drawn = new DrawnLogo(image, new PngImage(image.Png));
            }

            return drawn.Png;
        }
    }

    /// <summary>What is wrong with the vendor's own files; invoices are refused while there is anything.</summary>
    public required IReadOnlyList<InvoicingComplaint> Complaints { get; init; }

    /// <summary>SHA-256 of both fonts, for the record of how an invoice was made.</summary>
    public required string FontHash { get; init; }

    /// <summary>For one document.</summary>
    public (EmbeddedFont Regular, EmbeddedFont Bold) NewFonts()
    {
        if (this is not { Complaints: [], Regular: { } regular, Bold: { } bold })
        {
            throw NoFonts();
        }

        EmbeddedFont[] others = [.. Others.Select((font, place) => new EmbeddedFont(font, $"F{place + 2}"))];
        return (new EmbeddedFont(regular, "F0", others), new EmbeddedFont(bold, "F1", others));
    }

    private static InvalidOperationException NoFonts() => new(
            "The vendor's fonts or logo cannot be used; see the complaint at the start and on the staff desk.");

    public static InvoiceArtwork Open(IOptions<VendorOptions> current, IHostEnvironment environment)
    {
        var vendor = current.Value;
        List<InvoicingComplaint> complaints = [.. new[] { vendor.Images.LogoFault }.OfType<InvoicingComplaint>()];
        var regular = Use(nameof(vendor.Font), vendor.Font, Inside("Regular"));
        var bold = Use(nameof(vendor.FontBold), vendor.FontBold, Inside("Bold"));
        List<(string Path, byte[]? File)> others =
            [.. vendor.Fonts.Where(path => !string.IsNullOrWhiteSpace(path)).Take(MostOthers)
                .Select(path => (path, Use(nameof(vendor.Fonts), path, [])))];
        return new InvoiceArtwork(current)
        {
            Regular = Parse(nameof(vendor.Font), vendor.Font, regular, file => new TrueTypeFont(file)),
            Bold = Parse(nameof(vendor.FontBold), vendor.FontBold, bold, file => new TrueTypeFont(file)),
            Others = [.. others.Select(other => Parse(nameof(vendor.Fonts), other.Path, other.File, file => new TrueTypeFont(file)))
                .OfType<TrueTypeFont>()],
            Complaints = complaints,
            FontHash = Convert.ToHexStringLower(
                SHA256.HashData([.. regular ?? [], .. bold ?? [], .. others.SelectMany(other => other.File ?? [])])),
        };

        byte[]? Use(string key, string? path, byte[] otherwise)
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                return otherwise;
            }

            try
            {
                return File.ReadAllBytes(environment.Resolve(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                complaints.Add(new("FileUnreadable", key, path));
                return null;
            }
        }

        T? Parse<T>(string key, string? path, byte[]? file, Func<byte[], T> parse)
            where T : class
        {
            try
            {
                return file is null ? null : parse(file);
            }
            catch (UnusableFileException e)
            {
                complaints.Add(new(e.Word, key, path ?? ""));
                return null;
            }
        }
    }

    private sealed record DrawnLogo(VendorImage Image, PngImage Png);

    /// <summary>Liberation Sans, part of the assembly, so that invoices look alike on every machine.</summary>
    private static byte[] Inside(string weight)
    {
        using var stream = typeof(InvoiceArtwork).Assembly.GetManifestResourceStream($"LiberationSans-{weight}.ttf")
            ?? throw new InvalidOperationException($"The font LiberationSans-{weight}.ttf is not in the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
