using SelfHelpPortal.Configuration;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>The downloads, which a circuit cannot hand out.</summary>
internal static class ImportDownloads
{
    public static void MapImportDownloads(this WebApplication app)
    {
        var files = app.MapGroup("/staff/setup/import/{id:guid}").RequireAuthorization(StaffPolicy.Name).ExcludeFromDescription();
        files.MapGet("/faults.csv", (Guid id, HttpContext context) => WriteAsync(id, ImportList.Faults, context));
        files.MapGet("/keys.csv", (Guid id, HttpContext context) => WriteAsync(id, ImportList.Keys, context));
    }

    private static async Task<IResult> WriteAsync(Guid id, ImportList list, HttpContext context)
    {
        if (StaffActor.From(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        var services = context.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();

        // In a file first: a failure on the way is then an error page and not half a list.
        var file = PrivateFile.Temporary();
        StaffRefusal? refused;
        try
        {
            refused = await services.GetRequiredService<WriteImportList>().ExecuteAsync(
                actor, id, list, Languages.Current, () => file, now, context.RequestAborted);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        if (refused is null)
        {
            file.Position = 0;
            var name = list switch
            {
                ImportList.Faults => "faults",
                ImportList.Keys => "keys",
            };
            return Results.File(file, "text/csv; charset=utf-8", $"{name}-{now:yyyy-MM-dd}.csv");
        }

        await file.DisposeAsync();
        return refused switch
        {
            StaffRefusal.FactorTooOld => Results.LocalRedirect(ReturnUrl.With(FreshSignIn.Path, $"/staff/setup/import/{id}")),
            StaffRefusal.SignInEnded or StaffRefusal.NotPermitted => Results.Forbid(),
            _ => Results.NotFound(),
        };
    }
}
