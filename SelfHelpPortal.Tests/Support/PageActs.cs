using Bunit;
using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// Finds an element and acts on it in one turn of the page's dispatcher, for pages that draw themselves anew when something changes
/// elsewhere: between finding and acting the element may have been replaced.
/// </summary>
internal static class PageActs
{
    public static Task ClickAsync<TPage>(this IRenderedComponent<TPage> page, string selector)
        where TPage : IComponent => page.InvokeAsync(() => page.Find(selector).ClickAsync());

    public static Task ChangeAsync<TPage, TValue>(this IRenderedComponent<TPage> page, string selector, TValue value)
        where TPage : IComponent => page.InvokeAsync(() => page.Find(selector).ChangeAsync(value));
}
