using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Licensing.Transfers;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// The whole of the first document: from the dead till to the new license and the invoice, in real mails that other people's programs read.
/// The public part runs without scripts.
/// </summary>
[Collection(InChromium.Name)]
public sealed class DeadTillSettled(Chromium chromium, MailedPortal mailed) : IClassFixture<MailedPortal>
{
    private RunningPortal Portal => mailed.Running;

    [Fact]
    public async Task With_the_renewal_it_is_settled_as_soon_as_the_owner_confirms()
    {
        await Portal.ReviewTransfersAsync(TransferReview.Automatic);
        await using var people = chromium.Begin();
        using var http = Portal.Http();
        var page = await people.OpenAsync(Portal.Address, 390, scripts: false);
        var walk = new TransferWalk(Portal, page, "71", _ => Task.CompletedTask);
        await walk.ActivateTillsAsync(http);
        await walk.OrderAsync(http, "renewal");
        var asked = await mailed.Mails.FindAsync($"Bitte bestätigen: Lizenz-Migration [{walk.Reference}]");
        asked.To.ShouldBe(walk.Owner);
        await page.GotoAsync(asked.Link("/transfer/confirm/"));
        await walk.AgreeAsync();
        await Expect(page.Locator("[data-outcome=submitted]")).ToContainTextAsync(walk.Reference);

        var mail = await mailed.Mails.FindAsync($"Ihre neue Lizenz und Rechnung [{walk.Reference}]");
        mail.To.ShouldBe(walk.Email);
        mail.Text.ShouldContain(". Installieren Sie das EFR mit der TSE auf dem neuen PC. https://muster-software.example/efr-tse");
        mail.Text.ShouldContain(". Wenn die Daten vom alten PC noch da sind: Stellen Sie die EFR-Daten der alten Festplatte");
        await ShouldBeGenuineAsync(http, mail, walk, net: "149.00", gross: "177.31");

        // Who opens the link again sees the result, and nothing is settled twice.
        await page.GotoAsync(asked.Link("/transfer/confirm/"));
        await Expect(page.Locator("[data-outcome=submitted]")).ToBeVisibleAsync();
        await page.GotoAsync(mail.Link("/transfer/status/"));
        await Expect(page.Locator("main")).ToContainTextAsync($"Lizenz-{walk.Numbers[1]}.lshlic");

        // What is left to do is ticked there, and is ticked when the page is opened again.
        await page.Locator("[name=backup][value=no]").CheckAsync();
        await page.SubmitAsync("button[value=checklist]");
        await page.Locator("[name=item][value=efr-new]").CheckAsync();
        await page.SubmitAsync("button[value=checklist]");
        await page.GotoAsync(mail.Link("/transfer/status/"));
        await Expect(page.Locator("[name=item][value=efr-new]")).ToBeCheckedAsync();
        await Expect(page.Locator("[name=item]:checked")).ToHaveCountAsync(1);
        await Expect(page.Locator("[name=backup][value=no]")).ToBeCheckedAsync();
        mailed.Mails.All().Count(m => m.Subject == mail.Subject).ShouldBe(1);
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_fee_a_clerk_asks_hears_the_answer_and_settles()
    {
        await Portal.ReviewTransfersAsync(TransferReview.ByStaff);
        await using var people = chromium.Begin();
        using var http = Portal.Http();
        var page = await people.OpenAsync(Portal.Address, 1280, scripts: false, language: "en-US");
        var walk = new TransferWalk(Portal, page, "72", _ => Task.CompletedTask);
        await walk.ActivateTillsAsync(http);
        await walk.OrderAsync(http, "fee");
        await page.GotoAsync((await mailed.Mails.FindAsync($"Please confirm: license migration [{walk.Reference}]"))
            .Link("/transfer/confirm/"));
        await walk.AgreeAsync();
        await mailed.Mails.FindAsync($"Your order, next steps [{walk.Reference}]");

        // The clerk finds it in the queue, and asks.
        var clerk = await people.OpenAsync(Portal.Address, 1280);
        await StaffDesk.SignInAsync(clerk, Portal, "clerk72@example.org");
        await clerk.GetByRole(AriaRole.Link, new() { Name = "Migrationen", Exact = true }).ClickAsync();
        await Expect(clerk.Locator("[data-outcome=transfers]")).ToBeVisibleAsync();
        await clerk.ShouldBeAccessibleAsync();
        await clerk.GetByRole(AriaRole.Link, new() { Name = walk.Reference }).ClickAsync();
        await Expect(clerk.Locator(".facts")).ToHaveTextAsync("Alter PC defekt, bitte neue Lizenz kostenpflichtig zusenden");
        await Expect(clerk.Locator("main")).ToContainTextAsync($"Kasse 1 = Lizenz {walk.Numbers[0]}");
        await clerk.ShouldBeAccessibleAsync();
        await StaffDesk.ActAsync(clerk, "Kunden fragen", "Which of your tills is dead?");

        var question = await mailed.Mails.FindAsync($"We have a question [{walk.Reference}]");
        question.Text.ShouldContain("Which of your tills is dead?");
        await page.GotoAsync(question.Link("/transfer/status/"));
        await page.FillAsync("[name=Answer]", "The one at the bar");
        await page.ClickAsync("[name=Act][value=answer]");

        // By keyboard alone from here: the button, the suggested reason, the templates, and the dialog's own button.
        await clerk.ReloadAsync();
        await Expect(clerk.Locator("main")).ToContainTextAsync("The one at the bar");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "Annehmen und ausstellen" }).FocusAsync();
        await clerk.Keyboard.PressAsync("Enter");
        await Expect(clerk.Locator("#act-reason")).ToBeFocusedAsync();
        await clerk.ShouldBeAccessibleAsync();
        await clerk.Keyboard.PressAsync("Tab");
        await clerk.Keyboard.PressAsync("Tab");
        await clerk.Keyboard.PressAsync("Enter");
        await Expect(clerk.Locator("[role=status][data-outcome=settled]")).ToBeVisibleAsync();
        await clerk.ShouldBeAccessibleAsync();

        var mail = await mailed.Mails.FindAsync($"Your new license and invoice [{walk.Reference}]");
        mail.Text.ShouldContain(". Install the EFR with the TSE on the new PC. https://muster-software.example/efr-tse");
        mail.Text.ShouldContain(". If the data of the old PC is lost: Set the EFR up anew on the new PC.");
        await ShouldBeGenuineAsync(http, mail, walk, net: "70.00", gross: "83.30");
        await page.GotoAsync(mail.Link("/transfer/status/"));
        await Expect(page.Locator("main")).ToContainTextAsync("Invoice ");
        people.Complaints.ShouldBeEmpty();
    }

    private static async Task ShouldBeGenuineAsync(HttpClient http, ReceivedMail mail, TransferWalk walk, string net, string gross)
    {
        var license = await ForeignTools.VerifyLicenseAsync(http, mail.Files[$"Lizenz-{walk.Numbers[1]}.lshlic"]);
        license.ToJsonString().ShouldContain(walk.NewHardware);
        var (name, pdf) = mail.Files.Single(f => f.Key.EndsWith(".pdf", StringComparison.Ordinal));
        var xml = await ForeignTools.XmlOfInvoiceAsync(pdf);
        xml.ShouldContain(name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..^".pdf".Length]);
        xml.ShouldContain($">{net}<");
        xml.ShouldContain($">{gross}<");
        xml.ShouldContain("Muster Gastro GmbH");
    }
}
