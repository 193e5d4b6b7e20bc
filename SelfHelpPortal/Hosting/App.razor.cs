using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Features.Staff.Theme;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Hosting;

public sealed partial class App
{
    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Inject]
    private IOptions<VendorOptions> Vendor { get; set; } = default!;

    [Inject]
    private BrandFolder Brand { get; set; } = default!;

    [Inject]
    private ThemeSheet Theme { get; set; } = default!;

    /// <summary>
    /// The path and the page must both say so: a public page that forgets its attribute stays static, and an error page does under any
    /// path.
    /// </summary>
    private bool IsStaff => StaffArea.Contains(HttpContext.Request.Path) && HttpContext.AcceptsInteractiveRouting();

    /// <summary>
    /// The page behind a QR code has nothing that the site's script could help with, and a phone on a bad line waits for every file.
    /// </summary>
    private bool IsPlain => HttpContext.GetEndpoint()?.Metadata.GetMetadata<LayoutAttribute>()?.LayoutType == typeof(PlainLayout);

    /// <summary>Rows, cards and totals that no other page has, so that the others stay light.</summary>
    private bool IsTransfer => HttpContext.Request.Path.StartsWithSegments("/transfer", StringComparison.OrdinalIgnoreCase)
        || HttpContext.Request.Path.StartsWithSegments("/my", StringComparison.OrdinalIgnoreCase);

    /// <summary>Cards and the links between the pages of signed-in customers.</summary>
    private bool IsMy => HttpContext.Request.Path.StartsWithSegments("/my", StringComparison.OrdinalIgnoreCase);

    private IComponentRenderMode? Mode => IsStaff ? StaffMode : null;

    private static readonly InteractiveServerRenderMode StaffMode = new(prerender: false);
}
