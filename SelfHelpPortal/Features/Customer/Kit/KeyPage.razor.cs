using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.Kit;

/// <summary>A page that asks for the key alone. A right one leads on.</summary>
public abstract partial class KeyPage
{
    protected abstract string Heading { get; }

    /// <summary>Several pages ask for the key: the title says what for.</summary>
    protected abstract string Title { get; }

    /// <summary>What comes of it.</summary>
    protected virtual string? Lead => null;

    /// <summary>The page's own address.</summary>
    protected abstract string Action { get; }

    /// <summary>Looks the key up: where a right one leads, or why it leads nowhere.</summary>
    private protected abstract Task<(string? Path, KeyAnswer Answer)> BeginAsync(string? typed, Caller caller, DateTimeOffset now);

    protected sealed override Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            ActivationKey = typed[nameof(ActivationKey)];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        return Task.CompletedTask;
    }

    protected sealed override async Task ActAsync()
    {
        TakeMeant();
        var now = Time.GetUtcNow();
        var (path, answer) = await BeginAsync(ActivationKey, Caller.From(HttpContext), now);
        if (path is not null)
        {
            HttpContext.SeeOther(Navigation, path);
            return;
        }

        RefuseKey(ActivationKey, answer, now);
    }
}
