using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>Renders parts of the kit as a German reader sees them, unless told otherwise.</summary>
public abstract class KitContext : BunitContext
{
    protected KitContext()
    {
        Services.AddLocalization();
        Services.AddOptions<VendorOptions>();
        Services.AddSingleton<LocalTimes>();
        Speak("de");
    }

    protected static void Speak(string language) => CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = new CultureInfo(language);

    /// <summary>The one element that the component gives.</summary>
    protected IElement Element<TComponent>(Action<ComponentParameterCollectionBuilder<TComponent>> parameters)
        where TComponent : IComponent => Render(parameters).Nodes.OfType<IElement>().Single();
}
