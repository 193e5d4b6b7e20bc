namespace SelfHelpPortal.Data;

/// <summary>
/// A picture that versions of the vendor's data name by its checksum. It is written once, never altered, and goes when none of the last
/// versions names it any more.
/// </summary>
internal sealed class BrandImage
{
    /// <summary>Of the content; the database holds it against that.</summary>
    public required string Sha256 { get; init; }

    /// <summary>A PNG file.</summary>
    public required byte[] Content { get; init; }
}
