using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Features.Customer.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>Asks for the key of the license to release.</summary>
[Route("/release")]
public sealed class Release : KeyPage
{
    [Inject]
    private BeginRelease Begin { get; set; } = default!;

    [Inject]
    private IStringLocalizer<Release> T { get; set; } = default!;

    protected override string Heading => T["Heading"];

    protected override string Title => T["Title"];

    protected override string? Lead => T["Lead"];

    protected override string Action => "/release";

    private protected override async Task<(string? Path, KeyAnswer Answer)> BeginAsync(string? typed, Caller caller, DateTimeOffset now)
    {
        var (token, answer) = await Begin.ExecuteAsync(typed, caller, now, Aborted);
        return (token is null ? null : $"/release/{token}", answer);
    }

    private protected override string KeyWords(string? key, CodeProblem problem) =>
        problem.Seen is CodeKind.VerificationCode ? T["VerificationCode"] : base.KeyWords(key, problem);
}
