using Microsoft.AspNetCore.Http.Metadata;
using SelfHelpPortal.Platform.Uploads;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// A page whose form carries one file, with room for its other fields. A file beyond what the page takes is refused by the page in its own
/// words, beside everything else that was typed (<see cref="OversizedForm"/>); what hides its size is broken off at the limit.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesUploadAttribute(string fileField, long bytes) : Attribute, IRequestSizeLimitMetadata, IFormOptionsMetadata
{
    /// <summary>For an <see cref="UploadedDocument"/>.</summary>
    public const long Document = UploadedDocument.MaxBytes + WebLimits.BodyBytes;

    /// <summary>Of the file in the form.</summary>
    public string FileField => fileField;

    /// <summary>The whole form at most.</summary>
    public long Bytes => bytes;

    public long? MaxRequestBodySize => bytes;

    public long? MultipartBodyLengthLimit => bytes;

    // Everything else as for all forms.
    public bool? BufferBody => null;

    public int? MemoryBufferThreshold => null;

    public long? BufferBodyLengthLimit => null;

    public int? ValueCountLimit => null;

    public int? KeyLengthLimit => null;

    public int? ValueLengthLimit => null;

    public int? MultipartBoundaryLengthLimit => null;

    public int? MultipartHeadersCountLimit => null;

    public int? MultipartHeadersLengthLimit => null;
}
