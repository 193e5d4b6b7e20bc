using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Draws staff pages as a clerk's circuit does, on the real use cases and database.</summary>
public abstract partial class StaffPageContext(StaffGround ground) : BunitContext, IClassFixture<StaffGround>, IAsyncLifetime
{
    private protected StaffGround Ground => ground;

    private protected PortalFactory Portal => ground.Portal;

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    /// <summary>Some of MudBlazor's services can only be disposed of asynchronously.</summary>
    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <summary>Signs in the clerk, unless somebody else is given.</summary>
    /// <param name="useCases">What the page asks the portal for.</param>
    private protected async Task OpenAsync(StaffUser? user, params Type[] useCases)
    {
        DefaultWaitTimeout = WaitLimits.Wait;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLocalization();
        Services.AddOptions<VendorOptions>();
        Services.AddSingleton<LocalTimes>().AddSingleton<TimeProvider>(Portal.Clock);
        Services.AddComponents();
        Services.AddSingleton<StaffTexts>();
        Services.AddSingleton(Portal.Services.GetRequiredService<StaffDrafts>());
        Services.AddSingleton(Portal.Services.GetRequiredService<TypedTexts>());
        foreach (var useCase in new[] { typeof(AddNote), typeof(ListTemplates), typeof(AddTemplate), typeof(RemoveTemplate) })
        {
            Services.AddSingleton(useCase, Portal.Services.GetRequiredService(useCase));
        }

        Services.AddSingleton(new StaffSession { Actor = await (user ?? ground.Clerk).ActorAsync() });
        foreach (var useCase in useCases)
        {
            Services.AddSingleton(useCase, Portal.Services.GetRequiredService(useCase));
        }
    }

    // Not in OpenAsync: what an asynchronous method sets, its caller does not have.
    protected static void Speak(string language) => CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = new CultureInfo(language);

    /// <summary>A text that is missing shows its key: <c>Refusal.Conflict</c>.</summary>
    protected static void ShouldHoldNoRawKey(INodeList nodes) =>
        nodes.SelectMany(n => n.Descendants<IText>()).SelectMany(t => RawKey().Matches(t.Data)).Select(m => m.Value).ShouldBeEmpty();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+\b")]
    private static partial Regex RawKey();
}
