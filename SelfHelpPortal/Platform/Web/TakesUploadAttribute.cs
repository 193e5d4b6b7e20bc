using Microsoft.AspNetCore.Http.Metadata;
using SelfHelpPortal.Platform.Uploads;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// A page whose form carries one document, with room for its other fields. What announces more is refused before it is read
/// (<see cref="BodySizeGate"/>), what hides its size is broken off at the limit; a file beyond <see cref="UploadedDocument.MaxBytes"/>
/// is refused by the page in its own words.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesUploadAttribute : Attribute, IRequestSizeLimitMetadata, IFormOptionsMetadata
{
    private const long Bytes = UploadedDocument.MaxBytes + WebLimits.BodyBytes;

    public long? MaxRequestBodySize => Bytes;

    public long? MultipartBodyLengthLimit => Bytes;

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
