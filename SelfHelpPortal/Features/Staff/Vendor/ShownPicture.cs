using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Vendor;

/// <summary>A picture that is not stored yet, as a page shows it.</summary>
/// <param name="Address">The picture itself, in Base64.</param>
/// <param name="Width">In pixels, like the height.</param>
public sealed record ShownPicture(string Address, int Width, int Height)
{
    internal static ShownPicture From(VendorImage image) => new(image.DataUri, image.Png.Width, image.Png.Height);
}
