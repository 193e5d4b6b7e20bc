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

    // Colors on their way (a dialog that fades in, a button that changes) are no colors to judge, nor to take a picture of.
    private const string Settled = """
        Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().iterations !== Infinity).map(a => a.finished))
            .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done()))))
        """;

    // No script runs in the frame of a mail's preview, so axe would wait for ever for an answer from there; it is put aside meanwhile.
    private const string PutFramesAside = """
        window.putAside = [...document.querySelectorAll("iframe[sandbox]")].map(frame => {
            const mark = document.createElement("span");
            frame.replaceWith(mark);
            return [frame, mark];
        }); 0
        """;

    private const string PutFramesBack = "window.putAside.forEach(([frame, mark]) => mark.replaceWith(frame))";

    /// <summary>Waits until nothing on the page moves or changes its color any more.</summary>
    public static Task SettleAsync(this IPage page) => page.EvaluateAsync(Settled);

    public static async Task ShouldBeAccessibleAsync(this IPage page)
    {
        await page.SettleAsync();
        // Without scripts on the page axe cannot run either; the same page is then checked by the journey that has them on.
        await page.EvaluateAsync(PutFramesAside);
        var found = (await page.RunAxe(Rules)).Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Target} {n.Html}")).ToList();
        await page.EvaluateAsync(PutFramesBack);
        found.ShouldBeEmpty($"axe on {page.Url}");
        (await page.EvaluateAsync<string>(TooWide)).ShouldBe("", $"{page.Url} scrolls sideways");
    }
}
