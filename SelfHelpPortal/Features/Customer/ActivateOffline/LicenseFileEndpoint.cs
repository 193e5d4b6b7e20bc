using System.Text;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Features.Customer.ActivateOffline;

/// <summary>The license file of an activation, for whoever has the address of its page.</summary>
internal static class LicenseFileEndpoint
{
    public static void MapLicenseFile(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/activate/{token}/file", GetAsync);

    private static async Task<IResult> GetAsync(string token, ActivateOffline activation, TimeProvider time, HttpContext context) =>
        await activation.ShowAsync(token, time.GetUtcNow(), context.RequestAborted) is { File: { } text } view
            ? TypedResults.File(Encoding.UTF8.GetBytes(text), "application/octet-stream", LicenseFiles.NameOf(view.LicenseNumber))
            : TypedResults.NotFound();
}
