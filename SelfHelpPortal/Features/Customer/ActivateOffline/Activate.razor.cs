using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ActivateOffline;

/// <summary>
/// Asks for the computer and the key. A file that could be read comes back as text in the field for the code, so that it does not have to
/// be chosen again when something else is wrong.
/// </summary>
public sealed partial class Activate
{
    /// <summary>A request file of 8 KB, a pasted mail with the key in it, and what a form adds.</summary>
    internal const long FormBytes = 64 * 1024;

    [Inject]
    private ActivateOffline Act { get; set; } = default!;

    /// <summary>Filled in by the page that led here; nothing is stored of it until the form is sent.</summary>
    [SupplyParameterFromQuery(Name = "hw")]
    private string? HwInAddress { get; set; }

    [SupplyParameterFromForm]
    private string? HardwareCode { get; set; }

    private IReadOnlyList<CodeGroup> HardwareGroups { get; set; } = [];

    protected override async Task OpenAsync()
    {
        HardwareCode = HwInAddress;
        if (Expired is { } typed)
        {
            (HardwareCode, ActivationKey) = (typed[nameof(HardwareCode)], typed[nameof(ActivationKey)]);
            await TakeFileAsync(typed.Files);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        TakeMeant();
        await TakeFileAsync((await HttpContext.Request.ReadFormAsync(Aborted)).Files);
        var input = HardwareInput.Parse(HardwareCode);
        if (!Errors.Any)
        {
            CheckHardware(input);
        }

        // A key that is in the file needs not be typed; who types one means that one.
        var key = string.IsNullOrWhiteSpace(ActivationKey) ? input.File?.ActivationKey : ActivationKey;
        if (await Act.MistypedAsync(key, Aborted) is { } problem)
        {
            RefuseKey(key, problem);
        }

        // Without a computer the key is not looked up: nothing could come of it but a guess.
        if (!Errors.Any)
        {
            await BeginAsync(key, input);
        }
    }

    private async Task BeginAsync(string? key, HardwareInput input)
    {
        var now = Time.GetUtcNow();
        var begun = await Act.BeginAsync(key, input, Caller.From(HttpContext), now, Aborted);
        if (begun.Token is not null)
        {
            HttpContext.SeeOther(Navigation, $"/activate/{begun.Token}");
            return;
        }

        if (begun.Answer is KeyAnswer.Found)
        {
            Refuse("wrong-product", nameof(ActivationKey), T["WrongProduct", begun.OtherProduct!]);
            return;
        }

        RefuseKey(key, begun.Answer, now);
    }

    private async Task TakeFileAsync(IFormFileCollection files)
    {
        // A form without a chosen file sends an empty one without a name.
        if (files[nameof(RequestFile)] is { FileName.Length: > 0 } file)
        {
            var (text, problem) = await HardwareInput.ReadAsync(file, Aborted);
            HardwareCode = text ?? HardwareCode;
            if (text is null)
            {
                Refuse("wrong-file", nameof(RequestFile), T["FileGone", Hardware["File." + problem].Value]);
            }
        }
    }

    private void CheckHardware(HardwareInput input)
    {
        if (input.File is { Kind: "release" })
        {
            Refuse("wrong-file", nameof(HardwareCode), Hardware["File.ForRelease"]);
        }
        else if (input.FileProblem is { } file)
        {
            Refuse("wrong-file", nameof(HardwareCode), Hardware["File." + file]);
        }
        else if (input.Problem is { Kind: CodeProblemKind.Empty })
        {
            Refuse("typing-error", nameof(RequestFile), T["FileOrCode"]);
        }
        else if (input.Problem is { } problem)
        {
            HardwareGroups = CodeGroup.Split(HardwareCode, CodeKind.HardwareCode, problem);
            Refuse("typing-error", nameof(HardwareCode), Codes.For(CodeKind.HardwareCode, HardwareCode, problem));
        }
    }
}
