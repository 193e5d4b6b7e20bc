using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// T17 in a browser: names that are scripts stand in the database, and staff look at them. Nothing runs, opens a dialog or becomes an
/// attribute, and the content security policy has nothing to refuse, since it would hide a missing escape.
/// </summary>
[Collection(InChromium.Name)]
public sealed class InjectedScripts(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    private static readonly string[] Pages =
    [
        "/staff", "/staff/customers", "/staff/customers?q=evil", "/staff/licenses", "/staff/licenses?q=evil", "/staff/transfers",
        "/staff/invoices",
    ];

    [Fact]
    public async Task Nothing_that_was_typed_runs_at_the_desk()
    {
        var reference = await portal.OrderAsync("8");
        var invoice = await portal.IssueAsync();
        var number = await PoisonAsync();
        await using var people = chromium.Begin();
        var clerk = await people.OpenAsync(portal.Address, 1280);
        var ran = new List<string>();
        clerk.Dialog += (_, dialog) =>
        {
            ran.Add(dialog.Message);
            _ = dialog.DismissAsync();
        };
        await clerk.ExposeFunctionAsync("xss4711", () => ran.Add("called"));
        await StaffDesk.SignInAsync(clerk, portal, "clerk-scripts@example.org");

        foreach (
            var path in (string[])[.. Pages, "/staff/licenses/" + number, "/staff/transfers/" + reference, "/staff/invoices/" + invoice])
        {
            await clerk.GotoAsync(path);
            await Expect(clerk.Locator("main h1")).ToBeVisibleAsync();
            (await clerk.EvaluateAsync<string[]>(Alive)).ShouldBeEmpty(path);
        }

        (await clerk.Locator("body").InnerTextAsync()).Length.ShouldBeGreaterThan(0);
        ran.ShouldBeEmpty();
        people.Complaints.ShouldBeEmpty();

        // The control: the hook hears a script that does run, and the look finds an attribute that lives.
        await clerk.EvaluateAsync(
            "() => { xss4711(); const x = document.createElement('p'); x.setAttribute('onclick', 'xss4711()'); document.body.append(x); }");
        (await clerk.EvaluateAsync<string[]>(Alive)).ShouldNotBeEmpty();
        ran.ShouldBe(["called"]);
    }

    private const string Alive = """
        () => [...document.querySelectorAll('*')].filter(e => e.localName.includes('xss4711')
            || (['script', 'style'].includes(e.localName) && e.textContent.includes('xss4711'))
            || [...e.attributes].some(a => a.name.includes('xss4711')
                || (a.name.startsWith('on') && a.value.includes('xss4711'))
                || (['href', 'src', 'action', 'formaction', 'srcdoc', 'style'].includes(a.name)
                    && /^\s*(javascript|vbscript|data:text)/i.test(a.value)))).map(e => e.outerHTML)
        """;

    /// <summary>Puts a payload wherever a customer's text stands, past all forms. Returns the number of a license.</summary>
    private async Task<string> PoisonAsync()
    {
        var payloads = (await File.ReadAllLinesAsync(Repository.At("SelfHelpPortal.Tests", "vectors", "xss.txt")))
            .Where(p => p.Length < 90 && !p.Contains('\\', StringComparison.Ordinal)).ToList();
        await using var db = portal.Portal.Open();
        var next = 0;
        foreach (var customer in await db.Customers.ToListAsync())
        {
            (customer.Company, customer.City, customer.Street) = (Next(), Next(), Next());
        }

        foreach (var activation in await db.Activations.ToListAsync())
        {
            activation.PcName = Next();
        }

        await db.SaveChangesAsync();
        return await db.Activations.OrderBy(a => a.Id).Join(db.Licenses, a => a.LicenseId, l => l.Id, (_, l) => l.Number).FirstAsync();

        string Next() => payloads[next++ % payloads.Count];
    }
}
