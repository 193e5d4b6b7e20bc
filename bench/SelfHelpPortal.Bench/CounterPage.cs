using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace SelfHelpPortal.Bench;

/// <summary>The document around the smallest page that has a circuit.</summary>
[Route("/")]
public sealed class CounterPage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html><html><head><title>Counter</title><base href=\"/\"></head><body>");
        builder.OpenComponent<Counter>(1);
        builder.AddComponentRenderMode(new InteractiveServerRenderMode(prerender: false));
        builder.CloseComponent();
        builder.AddMarkupContent(2, "<script src=\"/_framework/blazor.web.js\"></script></body></html>");
    }
}

/// <summary>A button that counts, as the template of the framework has it.</summary>
public sealed class Counter : ComponentBase
{
    private int _count;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "onclick", EventCallback.Factory.Create(this, () => _count++));
        builder.AddContent(2, _count);
        builder.CloseElement();
    }
}
