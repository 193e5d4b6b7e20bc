using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Screens;

/// <summary>
/// How the main public pages are read and reached without a mouse: Chromium's own accessibility tree, the order of the Tab key, the focus
/// after a form was sent, and 200 % zoom. With <c>./test.sh --screens</c> the trees are kept as text for docs/accessibility.md.
/// </summary>
[Collection(InSecondChromium.Name)]
public sealed class ReadingOrder(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    private static readonly string[] Pages =
    [
        "/", "/release", "/transfer", "/transfer/status", "/license", "/lost-key", "/activate", "/loan", "/appointments", "/owner",
        "/account/sign-in", "/account/register", "/privacy", "/accessibility",
    ];

    /// <summary>What is reached with the Tab key, in the order of the document.</summary>
    private const string Reachable = """
        [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
            .filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && e.checkVisibility({ visibilityProperty: true })
                && !(e.type === "radio" && e !== (document.querySelector(`input[name="${e.name}"]:checked`)
                    ?? document.querySelector(`input[name="${e.name}"]`))))
        """;

    // An outline is drawn around it, around what it stretches over (a tile), or around the label that it is in.
    private const string ShowsFocus = """
        (() => {
            const drawn = (e, part) => {
                const s = getComputedStyle(e, part);
                return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
            };
            const e = document.activeElement;
            return drawn(e) || drawn(e, "::after") || (e.closest("label") !== null && drawn(e.closest("label")));
        })()
        """;

    private static readonly HashSet<string> NeedNames =
        ["link", "button", "textbox", "radio", "checkbox", "combobox", "navigation", "region", "table", "image", "radiogroup"];

    [Theory]
    [InTurn("de-DE")]
    [InTurn("en-US")]
    public async Task The_tree_of_each_page_reads_from_its_heading_down_and_everything_in_it_has_a_name(string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280, language: language);
        var faults = new List<string>();
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            var tree = await TreeAsync(page);
            Keep($"tree{path.Replace('/', '-')}-{language[..2]}.txt", tree);
            faults.AddRange(FaultsOf(tree).Select(fault => $"{path}: {fault}"));
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public void A_tree_with_a_gap_is_found() => FaultsOf(
        [new(0, "RootWebArea", "x", 0), new(1, "link", "", 0), new(1, "heading", "A", 1), new(1, "heading", "B", 3)])
        .Select(fault => fault.Split(':')[0]).ShouldBe(["main", "name", "level"], ignoreOrder: true);

    /// <summary>At 1280 pixels and 200 % a page has 640.</summary>
    [Theory]
    [InTurn("de-DE")]
    [InTurn("en-US")]
    public async Task The_Tab_key_goes_through_each_page_in_the_order_of_reading_also_at_200_percent(string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 640, language: language);
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            await page.ShouldBeAccessibleAsync();
            await page.EvaluateAsync($"{Reachable}.forEach((e, i) => e.dataset.place = i)");
            var count = await page.EvaluateAsync<int>($"{Reachable}.length");
            var visited = new List<int>();
            var unseen = new List<int>();
            // A page may put the focus somewhere; the journey of the Tab key begins at the top.
            await page.EvaluateAsync("document.activeElement?.blur(); getSelection().setPosition(document.body, 0)");
            // A date has stops of its own inside, at most five.
            for (var pressed = 0; pressed < count + 5 && visited.LastOrDefault(-1) != count - 1; pressed++)
            {
                await page.Keyboard.PressAsync("Tab");
                var place = await page.EvaluateAsync<int>("Number(document.activeElement.dataset.place ?? -1)");
                if (visited.LastOrDefault(-1) == place)
                {
                    // Within a date, whose stops the browser draws.
                    continue;
                }

                visited.Add(place);
                if (!await page.EvaluateAsync<bool>(ShowsFocus))
                {
                    unseen.Add(place);
                }
            }

            visited.ShouldBe(Enumerable.Range(0, count), $"{path}: nothing is left out, visited twice or a trap");
            unseen.ShouldBeEmpty($"{path}: the focus is not to be seen");
        }
    }

    /// <summary>
    /// Sent empty, a form comes again with the focus in what is to be corrected, and from there Enter leads to the field.
    /// </summary>
    [Theory]
    [InTurn("de-DE")]
    [InTurn("en-US")]
    public async Task After_a_form_was_sent_the_focus_is_where_it_goes_on(string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 390, language: language);
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            // Not that of a passkey, which the browser itself answers.
            var button = page.Locator("main form:has(input:not([type=hidden]), textarea) button.button").First;
            if (await button.CountAsync() == 0)
            {
                continue;
            }

            await button.FocusAsync();
            await page.ToNextPageAsync(() => page.Keyboard.PressAsync("Enter"));
            if (await page.Locator(".summary-box").CountAsync() == 0)
            {
                continue;
            }

            // The browser sets it with the first picture that it draws, which may come after the page is loaded.
            await Expect(page.Locator(".summary-box")).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForFunctionAsync(
                "document.activeElement.matches('input, textarea, select, fieldset') && '#' + document.activeElement.id === location.hash");
            await page.ShouldBeAccessibleAsync();
        }
    }

    private static async Task<IReadOnlyList<Node>> TreeAsync(IPage page)
    {
        await page.SettleAsync();
        await using var chrome = new Session(await page.Context.NewCDPSessionAsync(page));
        var nodes = (await chrome.Devtools.SendAsync("Accessibility.getFullAXTree"))!.Value.GetProperty("nodes").EnumerateArray()
            .ToDictionary(n => n.GetProperty("nodeId").GetString()!);
        var tree = new List<Node>();
        Walk(nodes.Values.First(n => !n.TryGetProperty("parentId", out _)), 0);
        return tree;

        void Walk(JsonElement node, int depth)
        {
            var isShown = !node.GetProperty("ignored").GetBoolean() && RoleOf(node) is not ("none" or "generic" or "InlineTextBox");
            if (isShown)
            {
                tree.Add(new Node(depth, RoleOf(node), Text(node, "name"), LevelOf(node)));
            }

            foreach (var child in node.GetProperty("childIds").EnumerateArray().Select(id => id.GetString()!).Where(nodes.ContainsKey))
            {
                Walk(nodes[child], isShown ? depth + 1 : depth);
            }
        }
    }

    private static string RoleOf(JsonElement node) => Text(node, "role");

    private static string Text(JsonElement node, string property) =>
        node.TryGetProperty(property, out var found) && found.TryGetProperty("value", out var value) ? value.ToString() : "";

    private static int LevelOf(JsonElement node) => node.TryGetProperty("properties", out var properties)
        ? properties.EnumerateArray().Where(p => p.GetProperty("name").GetString() == "level")
            .Select(p => p.GetProperty("value").GetProperty("value").GetInt32()).FirstOrDefault()
        : 0;

    private static IEnumerable<string> FaultsOf(IReadOnlyList<Node> tree)
    {
        if (tree.Count(n => n.Role == "main") != 1)
        {
            yield return $"main: {tree.Count(n => n.Role == "main")} of them";
        }

        foreach (var nameless in tree.Where(n => NeedNames.Contains(n.Role) && string.IsNullOrWhiteSpace(n.Name)))
        {
            yield return $"name: a {nameless.Role} has none";
        }

        var headings = tree.Where(n => n.Role == "heading").ToList();
        if (headings.Count(h => h.Level == 1) != 1 || headings.FirstOrDefault()?.Level != 1)
        {
            yield return "level: the first heading is not the one of level 1";
        }

        foreach (var (before, after) in headings.Zip(headings.Skip(1)).Where(pair => pair.Second.Level > pair.First.Level + 1))
        {
            yield return $"level: {after.Name} ({after.Level}) follows {before.Name} ({before.Level})";
        }
    }

    private static void Keep(string name, IReadOnlyList<Node> tree)
    {
        if (Screenshots.Folder is { } folder)
        {
            var text = new StringBuilder();
            foreach (var node in tree)
            {
                text.Append(' ', 2 * node.Depth).Append(node.Role).Append(node.Level > 0 ? $" {node.Level}" : "")
                    .Append(CultureInfo.InvariantCulture, $" \"{node.Name}\"").Append('\n');
            }

            File.WriteAllText(Path.Combine(folder, name), text.ToString());
        }
    }

    private sealed record Node(int Depth, string Role, string Name, int Level);

    private sealed class Session(ICDPSession devtools) : IAsyncDisposable
    {
        public ICDPSession Devtools => devtools;

        public async ValueTask DisposeAsync() => await devtools.DetachAsync();
    }
}
