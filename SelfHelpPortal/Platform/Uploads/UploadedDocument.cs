using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Processing;
using Decoders = SixLabors.ImageSharp.Configuration;

namespace SelfHelpPortal.Platform.Uploads;

/// <summary>
/// A document that somebody has sent, judged by its name and its content, which have to agree. A picture is drawn anew: what is kept was
/// written here, without anything that stood in, before or behind the one that was sent. A PDF is kept as it came, since a signature in it
/// may matter, and is never shown by the portal (docs/security.md, section 8).
/// </summary>
internal sealed record UploadedDocument(DocumentFormat Format, byte[] Bytes)
{
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Of a picture; a page at 600 dpi in color would be more, one at 400 dpi is less.</summary>
    public const long MaxPixels = 24_000_000;

    private const int MaxSide = 12_000;

    /// <summary>A page at 300 dpi; a larger picture is made smaller.</summary>
    private const int KeptSide = 3508;

    private const int KeptQuality = 85;

    /// <summary>A note behind the end of an archive may be this long, and only there a program that unpacks it looks.</summary>
    private const int ArchiveEnd = 22 + ushort.MaxValue;

    /// <summary>Readers look for the end of a PDF in its last bytes.</summary>
    private const int PdfEnd = 1024;

    /// <summary>Only these two are ever decoded, whatever else the library can read.</summary>
    private static readonly Decoders Known =
        new(new JpegConfigurationModule(), new PngConfigurationModule()) { MaxDegreeOfParallelism = 1 };

    /// <summary>One picture at a time: an unpacked one takes a hundred megabytes.</summary>
    private static readonly SemaphoreSlim Desk = new(1);

    /// <param name="fileName">As it was sent. Only its ending is looked at, and it is not kept.</param>
    public static async Task<(UploadedDocument? Document, DocumentProblem? Problem)> ReadAsync(
        string? fileName, long length, Func<Stream> open, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return (null, DocumentProblem.Empty);
        }

        if (length > MaxBytes)
        {
            return (null, DocumentProblem.TooLarge);
        }

        if (DocumentFormats.OfName(fileName) is not { } format)
        {
            return (null, DocumentProblem.OtherKind);
        }

        var bytes = new byte[length];
        await using (var stream = open())
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken);
        }

        if (!bytes.AsSpan().StartsWith(format.Beginning))
        {
            return (null, DocumentProblem.OtherKind);
        }

        if (format == DocumentFormat.Pdf)
        {
            return IsWholePdf(bytes) ? (new(format, bytes), null) : (null, DocumentProblem.Damaged);
        }

        await Desk.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => DrawAnew(format, bytes), cancellationToken);
        }
        finally
        {
            Desk.Release();
        }
    }

    /// <summary>It ends where a PDF ends, and is no archive besides.</summary>
    private static bool IsWholePdf(ReadOnlySpan<byte> bytes)
    {
        var end = bytes[^Math.Min(bytes.Length, PdfEnd)..].TrimEnd(" \r\n\t\0"u8);
        return end.EndsWith("%%EOF"u8) && bytes[^Math.Min(bytes.Length, ArchiveEnd)..].LastIndexOf("PK\x05\x06"u8) < 0;
    }

    private static (UploadedDocument? Document, DocumentProblem? Problem) DrawAnew(DocumentFormat format, byte[] bytes)
    {
        try
        {
            // First only the head, whose size is what the decoder would unpack.
            if (Image.Identify(Known, new MemoryStream(bytes)) is not { Width: > 0, Height: > 0 } head)
            {
                return (null, DocumentProblem.Damaged);
            }

            if (head.Width > MaxSide || head.Height > MaxSide || (long)head.Width * head.Height > MaxPixels)
            {
                return (null, DocumentProblem.TooManyPixels);
            }

            using var image = Image.Load(Known, bytes);
            image.Mutate(i => i.AutoOrient());
            if (Math.Max(image.Width, image.Height) > KeptSide)
            {
                image.Mutate(i => i.Resize(new ResizeOptions { Mode = ResizeMode.Max, Size = new Size(KeptSide) }));
            }

            // Where and with what it was taken is nobody's business here.
            (image.Metadata.ExifProfile, image.Metadata.IptcProfile, image.Metadata.XmpProfile) = (null, null, null);
            image.Metadata.IccProfile = null;
            using var kept = new MemoryStream();
            if (format == DocumentFormat.Jpeg)
            {
                image.Save(kept, new JpegEncoder { Quality = KeptQuality });
            }
            else
            {
                image.Save(kept, new PngEncoder { ChunkFilter = PngChunkFilter.ExcludeAll });
            }

            return kept.Length > MaxBytes ? (null, DocumentProblem.TooManyPixels) : (new(format, kept.ToArray()), null);
        }
        catch (Exception broken) when (broken is ImageFormatException or ImageProcessingException or InvalidImageContentException
            or ArgumentException or IndexOutOfRangeException or OverflowException or InvalidOperationException or EndOfStreamException
            or InvalidDataException or NotSupportedException)
        {
            // A decoder that meets a broken file may fail in any of these ways; none of them is a fault of the portal.
            return (null, DocumentProblem.Damaged);
        }
    }
}
