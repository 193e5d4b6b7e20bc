using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Components.Kit;

/// <summary>What every element of the kit takes.</summary>
public abstract class KitElement : ComponentBase
{
    [Parameter]
    public string? Id { get; set; }

    [Parameter]
    public string? Class { get; set; }

    protected static string Classes(params ReadOnlySpan<string?> names) =>
        string.Join(' ', names.ToArray().Where(name => !string.IsNullOrEmpty(name)));
}
