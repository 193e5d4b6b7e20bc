using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>The download, which a circuit cannot hand out.</summary>
internal static class KeyCardDownload
{
    public static void MapKeyCards(this WebApplication app) =>
        app.MapGet("/staff/licenses/{number}/card.pdf", ReadAsync).RequireAuthorization(StaffPolicy.Name).ExcludeFromDescription();

    private static async Task<IResult> ReadAsync(
        string number, HttpContext context, ReadKeyCard read, TimeProvider time, CancellationToken cancellationToken)
    {
        if (StaffActor.From(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        return await read.ExecuteAsync(actor, number, time.GetUtcNow(), cancellationToken) switch
        {
            { Value: { } card } => Results.File(card, "application/pdf", $"{number}.pdf"),
            { Refused: StaffRefusal.FactorTooOld } =>
                Results.LocalRedirect(ReturnUrl.With(FreshSignIn.Path, $"/staff/licenses/{Uri.EscapeDataString(number)}")),
            { Refused: StaffRefusal.SignInEnded or StaffRefusal.NotPermitted } => Results.Forbid(),
            _ => Results.NotFound(),
        };
    }
}
