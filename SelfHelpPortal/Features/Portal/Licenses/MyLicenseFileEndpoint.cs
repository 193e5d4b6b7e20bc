using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Licenses;

internal static class MyLicenseFileEndpoint
{
    public static void MapMyLicenseFile(this IEndpointRouteBuilder app) => app.MapGet(
        "/my/licenses/{number}/computers/{computer:guid}/file",
        async (string number, Guid computer, HttpContext context, ReadMyLicenseFile read, CancellationToken cancellationToken) =>
            CustomerActor.From(context) is { } actor && await read.ExecuteAsync(actor, number, computer, cancellationToken) is { } file
                ? file.AsResult()
                : Results.NotFound())
        .RequireAuthorization().ExcludeFromDescription();
}
