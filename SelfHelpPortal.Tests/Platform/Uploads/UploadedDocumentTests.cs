using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace SelfHelpPortal.Tests.Platform.Uploads;

/// <summary>T23: a document is what its name and its content say, and nothing else besides.</summary>
public sealed class UploadedDocumentTests
{
    private const string Marker = "<script>alert('polyglot')</script>";

    private static readonly byte[] Pdf = "%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"u8.ToArray();

    [Theory]
    [InlineData("auszug.pdf", DocumentFormat.Pdf)]
    [InlineData("AUSZUG.PDF", DocumentFormat.Pdf)]
    [InlineData("foto.jpg", DocumentFormat.Jpeg)]
    [InlineData("foto.JPEG", DocumentFormat.Jpeg)]
    [InlineData("scan.png", DocumentFormat.Png)]
    public async Task The_three_kinds_are_taken(string name, object format)
    {
        var (document, problem) = await ReadAsync(name, Sample((DocumentFormat)format));

        problem.ShouldBeNull();
        document!.Format.ShouldBe((DocumentFormat)format);
    }

    [Fact]
    public async Task A_pdf_is_kept_byte_for_byte() => (await ReadAsync("a.pdf", Pdf)).Document!.Bytes.ShouldBe(Pdf);

    [Theory]
    [InlineData(DocumentFormat.Jpeg)]
    [InlineData(DocumentFormat.Png)]
    public async Task A_picture_is_drawn_anew_without_what_stood_in_before_or_behind_it(object kind)
    {
        var format = (DocumentFormat)kind;
        using var image = new Image<Rgb24>(40, 20, Color.Crimson);
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Copyright, Marker);
        image.Metadata.ExifProfile.SetValue(ExifTag.GPSLatitudeRef, "N");
        byte[] sent = [.. Encode(image, format), .. Encoding.ASCII.GetBytes(Marker), .. Zip()];

        var kept = (await ReadAsync($"a.{format.Ending}", sent)).Document.ShouldNotBeNull().Bytes;

        Encoding.Latin1.GetString(kept).ShouldNotContain("script");
        kept.AsSpan().IndexOf("PK\x05\x06"u8).ShouldBe(-1);
        kept.AsSpan().IndexOf("Exif"u8).ShouldBe(-1);
        using var read = Image.Load<Rgb24>(kept);
        (read.Width, read.Height, read.Metadata.ExifProfile).ShouldBe((40, 20, null));
        ((int)read[5, 5].R).ShouldBeInRange(200, 235);
    }

    [Fact]
    public async Task A_large_photograph_is_made_smaller_and_turned_upright()
    {
        using var photo = new Image<Rgb24>(4200, 2100, Color.White);
        photo.Metadata.ExifProfile = new ExifProfile();
        photo.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);

        var kept = (await ReadAsync("foto.jpg", Encode(photo, DocumentFormat.Jpeg))).Document.ShouldNotBeNull().Bytes;

        using var read = Image.Load(kept);
        (read.Width, read.Height).ShouldBe((1754, 3508));
    }

    /// <summary>A head that promises more than may be unpacked; a few bytes that would be gigabytes.</summary>
    [Theory]
    [InlineData(60_000, 60_000)]
    [InlineData(12_001, 1)]
    [InlineData(6_000, 4_001)]
    public async Task A_bomb_is_not_unpacked(int width, int height)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);

        (await ReadAsync("bombe.png", PngHead(width, height))).Problem.ShouldBe(DocumentProblem.TooManyPixels);

        // Other tests allocate meanwhile, so only the gigabytes of the largest one would stand out.
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(Math.Max(1_000_000_000, (long)width * height));
    }

    [Fact]
    public async Task What_is_too_large_or_empty_is_not_read()
    {
        (await UploadedDocument.ReadAsync("a.pdf", UploadedDocument.MaxBytes + 1, Fail, default)).Problem
            .ShouldBe(DocumentProblem.TooLarge);
        (await UploadedDocument.ReadAsync("a.pdf", 0, Fail, default)).Problem.ShouldBe(DocumentProblem.Empty);
        (await UploadedDocument.ReadAsync("a.exe", 10, Fail, default)).Problem.ShouldBe(DocumentProblem.OtherKind);

        static Stream Fail() => throw new InvalidOperationException("It was read.");
    }

    [Fact]
    public async Task A_hundred_files_that_are_two_things_at_once_are_refused_or_made_one()
    {
        var random = new Seeded(2023);
        var tried = 0;
        foreach (var (name, bytes) in Polyglots(random).Take(100))
        {
            tried++;
            var (document, problem) = await ReadAsync(name, bytes);
            if (document is null)
            {
                problem.ShouldBeOneOf(DocumentProblem.OtherKind, DocumentProblem.Damaged);
                continue;
            }

            // What is taken all the same is one thing only: a picture drawn here.
            document.Format.ShouldNotBe(DocumentFormat.Pdf, name);
            document.Bytes.AsSpan().IndexOf("script"u8).ShouldBe(-1, name);
            document.Bytes.AsSpan().IndexOf("%PDF"u8).ShouldBe(-1, name);
            document.Bytes.AsSpan().IndexOf("PK\x05\x06"u8).ShouldBe(-1, name);
        }

        tried.ShouldBe(100);
    }

    [Fact]
    public async Task Torn_and_flipped_pictures_are_no_fault_of_ours()
    {
        var random = new Seeded(2024);
        foreach (var format in new[] { DocumentFormat.Jpeg, DocumentFormat.Png })
        {
            var whole = Sample(format);
            for (var i = 0; i < 60; i++)
            {
                var torn = whole[..(8 + random.Below(whole.Length - 8))];
                for (var flips = random.Below(4); flips > 0 && torn.Length > 8; flips--)
                {
                    torn[8 + random.Below(torn.Length - 8)] ^= (byte)(1 << random.Below(8));
                }

                // Refused or drawn anew; never an exception.
                await ReadAsync($"a.{format.Ending}", torn);
            }
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Polyglots(Seeded random)
    {
        byte[] script = Encoding.ASCII.GetBytes($"<html>{Marker}</html>");
        byte[] program = [(byte)'M', (byte)'Z', .. new byte[60]];
        byte[] shell = "#!/bin/sh\necho\n"u8.ToArray();
        byte[] gif = [.. "GIF89a"u8, .. new byte[20]];
        byte[][] others = [script, Zip(), program, shell, gif, Encoding.UTF8.GetBytes("<svg xmlns='x'>" + Marker + "</svg>")];
        string[] names = ["a.pdf", "a.jpg", "a.png", "../../etc/a.pdf", "C:\\a.png", "a.pdf.html", "a.html", "a.pdf\0.png", "a.zip", "a"];
        while (true)
        {
            var other = random.Of(others);
            var format = (DocumentFormat)random.Below(3);
            var host = format == DocumentFormat.Pdf ? Pdf : Sample(format);
            var name = random.Of(names);
            yield return random.Below(4) switch
            {
                // The other one first, behind, with the wrong name, or, of an archive, with its end hidden before the PDF's.
                0 => (name, [.. other, .. host]),
                1 => (format == DocumentFormat.Pdf ? "a.pdf" : name, [.. host, .. Encoding.ASCII.GetBytes(Marker), .. other]),
                2 => ($"a.{((DocumentFormat)(((int)format + 1) % 3)).Ending}", host),
                _ => ("a.pdf", [.. Pdf[..^6], .. Zip(), .. "\n%%EOF\n"u8]),
            };
        }
    }

    private static Task<(UploadedDocument? Document, DocumentProblem? Problem)> ReadAsync(string name, byte[] bytes) =>
        UploadedDocument.ReadAsync(name, bytes.Length, () => new MemoryStream(bytes), default);

    private static byte[] Sample(DocumentFormat format)
    {
        using var image = new Image<Rgb24>(16, 16, Color.Teal);
        return format == DocumentFormat.Pdf ? Pdf : Encode(image, format);
    }

    private static byte[] Encode(Image image, DocumentFormat format)
    {
        using var file = new MemoryStream();
        if (format == DocumentFormat.Jpeg)
        {
            image.SaveAsJpeg(file);
        }
        else
        {
            image.SaveAsPng(file);
        }

        return file.ToArray();
    }

    private static byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = new StreamWriter(zip.CreateEntry("../evil.html").Open());
            entry.Write(Marker);
        }

        return file.ToArray();
    }

    /// <summary>Signature, header and one chunk of pixels that is nearly empty, with right checksums.</summary>
    private static byte[] PngHead(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[1000]);
        }

        return [.. DocumentFormat.Png.Beginning, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        var crc = uint.MaxValue;
        foreach (var value in named)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(named.Length + 4), ~crc);
        return chunk;
    }
}
