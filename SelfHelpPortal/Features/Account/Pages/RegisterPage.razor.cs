using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Account.Registrations;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>Asks for an address, and for a key when the address is not the one on file. What comes of it comes by mail.</summary>
public sealed partial class RegisterPage
{
    [Inject]
    private KnownDevice Devices { get; set; } = default!;

    [Inject]
    private RequestAccount Ask { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? Email { get; set; }

    protected override Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            (Email, ActivationKey) = (typed[nameof(Email)], typed[nameof(ActivationKey)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        return Task.CompletedTask;
    }

    protected override async Task ActAsync()
    {
        TakeMeant();
        var address = MailAddresses.Normalize(Email);
        if (address is null)
        {
            Refuse(nameof(Email), Words[MailAddresses.WordOfProblem(Email)]);
        }

        if (!string.IsNullOrWhiteSpace(ActivationKey) && await Ask.MistypedAsync(ActivationKey, Aborted) is { } problem)
        {
            RefuseKey(ActivationKey, problem);
        }

        if (address is null || Errors.Any)
        {
            return;
        }

        var now = Time.GetUtcNow();
        var answer = await Ask.ExecuteAsync(
            address, ActivationKey, Caller.From(HttpContext), await Devices.AskerAsync(address, Aborted), now, Aborted);
        if (answer is null)
        {
            HttpContext.SeeOther(Navigation, "/account/register/sent");
            return;
        }

        RefuseKey(ActivationKey, answer, now);
    }
}
