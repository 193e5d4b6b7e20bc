namespace SelfHelpPortal.Platform.Uploads;

/// <summary>What kinds of documents are taken.</summary>
internal enum DocumentFormat
{
    Pdf,
    Jpeg,
    Png,
}

/// <summary>Why a file is not taken as a document.</summary>
internal enum DocumentProblem
{
    /// <summary>Nothing was chosen, or the file has no content.</summary>
    Empty,

    /// <summary>More than <see cref="UploadedDocument.MaxBytes"/>; it was not read.</summary>
    TooLarge,

    /// <summary>Another kind of file, or its name says another kind than its content.</summary>
    OtherKind,

    /// <summary>A picture of more than <see cref="UploadedDocument.MaxPixels"/>; nothing of it was unpacked.</summary>
    TooManyPixels,

    /// <summary>It does not keep the rules of its format, or is a second kind of file at the same time.</summary>
    Damaged,
}

internal static class DocumentFormats
{
    extension(DocumentFormat format)
    {
        public string ContentType => format switch
        {
            DocumentFormat.Pdf => "application/pdf",
            DocumentFormat.Jpeg => "image/jpeg",
            DocumentFormat.Png => "image/png",
        };

        public string Ending => format switch
        {
            DocumentFormat.Pdf => "pdf",
            DocumentFormat.Jpeg => "jpg",
            DocumentFormat.Png => "png",
        };

        /// <summary>How files of the kind begin.</summary>
        public ReadOnlySpan<byte> Beginning => format switch
        {
            DocumentFormat.Pdf => "%PDF-"u8,
            DocumentFormat.Jpeg => [0xFF, 0xD8, 0xFF],
            DocumentFormat.Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A],
        };
    }

    /// <summary>What the end of a file's name says; null for every other kind.</summary>
    public static DocumentFormat? OfName(string? fileName) => Path.GetExtension(fileName)?.ToUpperInvariant() switch
    {
        ".PDF" => DocumentFormat.Pdf,
        ".JPG" or ".JPEG" => DocumentFormat.Jpeg,
        ".PNG" => DocumentFormat.Png,
        _ => null,
    };
}
