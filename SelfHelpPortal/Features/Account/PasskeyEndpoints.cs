using Microsoft.AspNetCore.Mvc;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// What the script asks before it turns to the browser. The form's own token goes with it; a name would make no difference, so none is
/// taken.
/// </summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/account/passkey-question", async ([FromForm(Name = "PasskeyTicket")] string? ticket, Passkeys passkeys) =>
            await passkeys.AskAsync(ticket) is { } question ? Results.Json(question) : Results.BadRequest()).ExcludeFromDescription();
}
