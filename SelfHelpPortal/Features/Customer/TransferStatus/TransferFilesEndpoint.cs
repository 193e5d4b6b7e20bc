using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.TransferStatus;

internal static class TransferFilesEndpoint
{
    public static void MapTransferFiles(this IEndpointRouteBuilder app) => app.MapGet(
        "/transfer/status/{link}/{file}",
        async (string link, string file, TransferFiles files, TimeProvider time, CancellationToken cancellationToken) =>
            await files.ReadAsync(link, file, time.GetUtcNow(), cancellationToken) is { } found ? found.AsResult() : Results.NotFound());
}
