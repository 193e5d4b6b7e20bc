using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SelfHelpPortal.E2E.Support;

/// <summary>WCAG 2.2 AA and best practice by axe: nothing may be found on a page.</summary>
internal static class Accessibility
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    private const string TooWide = """
        document.documentElement.scrollWidth <= window.innerWidth ? "" :
            [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
                .slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(" | ") || "something outside main"
        """;

    public static async Task ShouldBeAccessibleAsync(this IPage page)
    {
        // Without scripts on the page axe cannot run either; the same page is then checked by the journey that has them on.
        var found = (await page.RunAxe(Rules)).Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Target} {n.Html}")).ToList();
        found.ShouldBeEmpty($"axe on {page.Url}");
        (await page.EvaluateAsync<string>(TooWide)).ShouldBe("", $"{page.Url} scrolls sideways");
    }
}
