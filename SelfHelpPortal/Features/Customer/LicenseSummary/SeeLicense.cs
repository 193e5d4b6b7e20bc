using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Features.Customer.Kit;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Customer.LicenseSummary;

/// <summary>Asks for the key of the license to look at.</summary>
[Route("/license")]
public sealed class SeeLicense : KeyPage
{
    [Inject]
    private StartLicenseLookup Begin { get; set; } = default!;

    [Inject]
    private IStringLocalizer<SeeLicense> T { get; set; } = default!;

    protected override string Heading => T["Heading"];

    protected override string Title => T["Title"];

    protected override string? Lead => T["Lead"];

    protected override string Action => "/license";

    private protected override async Task<(string? Path, KeyAnswer Answer)> BeginAsync(string? typed, Caller caller, DateTimeOffset now)
    {
        var (token, answer) = await Begin.ExecuteAsync(typed, caller, now, Aborted);
        return (token is null ? null : $"/license/{token}", answer);
    }
}
