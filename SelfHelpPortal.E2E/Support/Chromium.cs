using Microsoft.Playwright;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.E2E.Support;

/// <summary>The machine's own Chromium, one for each row of tests. No browser is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private IBrowser Browser => _browser!;

    /// <summary>Milliseconds that a page and what is expected on it may take.</summary>
    internal static float Wait { get; } = (float)WaitLimits.Wait.TotalMilliseconds;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Wait);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("SELFHELP_CHROMIUM") ?? Places.FirstOrDefault(File.Exists)
                ?? throw new InvalidOperationException("Chromium is not installed; ./test.sh does it."),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>For one test: its windows close with it.</summary>
    internal People Begin() => new(Browser);
}

/// <summary>The people of one test, each with a browser of their own.</summary>
internal sealed class People(IBrowser browser) : IAsyncDisposable
{
    private readonly List<IBrowserContext> _contexts = [];

    /// <summary>What the content security policy refused, and every error of a script, on any page of the test.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>A new browser of somebody: own cookies, German unless told otherwise.</summary>
    public async Task<IPage> OpenAsync(
        Uri portal, int width, bool scripts = true, string language = "de-DE", bool dark = false, bool phone = false)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 900 },
            JavaScriptEnabled = scripts,
            Locale = language,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = phone,
            IsMobile = phone,
        });
        _contexts.Add(context);
        context.SetDefaultTimeout(Chromium.Wait);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // A page that is meant to answer 404 or 422 is no complaint.
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                Note(message.Text);
            }
        };
        page.PageError += (_, error) => Note(error);
        page.Crash += (_, _) => Note("The page has crashed.");
        return page;

        void Note(string complaint) => Complaints.Add($"{new Uri(page.Url).PathAndQuery}: {complaint}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        TestNotes.Add("A page complained", Complaints);
    }
}

/// <summary>Tests wait half of their time for the browser, so two rows of them run at once, each with a Chromium.</summary>
[CollectionDefinition(Name)]
public sealed class InChromium : ICollectionFixture<Chromium>
{
    public const string Name = "In Chromium";
}

/// <inheritdoc cref="InChromium"/>
[CollectionDefinition(Name)]
public sealed class InSecondChromium : ICollectionFixture<Chromium>
{
    public const string Name = "In a second Chromium";
}
