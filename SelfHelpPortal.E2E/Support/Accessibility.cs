using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace SelfHelpPortal.E2E.Support;

/// <summary>WCAG 2.2 AA and best practice by axe: nothing may be found on a page.</summary>
internal static class Accessibility
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // In the page itself: the package for Playwright opens another page for each check, which takes longer. No script runs
    // in the frame of a mail's preview, so axe would wait for ever for an answer from there.
    private const string Run = """
        axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            resultTypes: ["violations"],
            iframes: false,
        }).then(found => found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html}`)))
        """;

    private const string TooWide = """
        document.documentElement.scrollWidth <= window.innerWidth ? "" :
            [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
                .slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(" | ") || "something outside main"
        """;

    // Colors on their way (a dialog that fades in, a button that changes) are no colors to judge, nor to take a picture of.
    private const string Settled = """
        Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().iterations !== Infinity).map(a => a.finished))
            .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done()))))
        """;

    /// <summary>Waits until nothing on the page moves or changes its color any more.</summary>
    public static Task SettleAsync(this IPage page) => page.EvaluateAsync(Settled);

    public static async Task ShouldBeAccessibleAsync(this IPage page)
    {
        await page.SettleAsync();
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }

        (await page.EvaluateAsync<string[]>(Run)).ShouldBeEmpty($"axe on {page.Url}");
        await page.ShouldFitAsync();
    }

    /// <summary>The same as far as it can be asked of a page that runs no scripts.</summary>
    public static Task ShouldBeRightAsync(this IPage page, bool scripts) =>
        scripts ? page.ShouldBeAccessibleAsync() : page.ShouldFitAsync();

    private static async Task ShouldFitAsync(this IPage page) =>
        (await page.EvaluateAsync<string>(TooWide)).ShouldBe("", $"{page.Url} scrolls sideways");
}
