using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// Eight PCs, each played by the License Wizard as a process of its own, against a running portal: the whole of the second document, and
/// the dead till of the first. Everything that is said is written down; <c>./test.sh</c> prints it.
/// </summary>
public sealed partial class EightComputersTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-play-");
    private readonly StringBuilder _story = new();

    private readonly PortalFactory _portal = RealTime.Portal();

    public async Task InitializeAsync()
    {
        await _portal.RunAsync("seed", "--demo");
        await _portal.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_license_goes_from_PC_to_PC_in_every_way_there_is()
    {
        try
        {
            var key = await ImportAsync(ApiPortal.Beam, "L-7000", "technik@muster-dome.example");
            var pcs = Enumerable.Range(1, 8)
                .Select(number => new WizardPc(
                    _folder.FullName, $"PC {number}", _portal.Address, number <= 5 ? ApiPortal.Beam : ApiPortal.Pos)).ToArray();
            await OnlineAsync(pcs[0], pcs[1], key);
            await WithASmartphoneAsync(pcs[1], pcs[2], key);
            await WithASecondPcAsync(pcs[2], pcs[3], key);
            await DeadAndBackAsync(pcs[3], pcs[4], key);
            await CopiedAsync(pcs[4], pcs[0]);
            await NeverOnlineAsync(pcs[1]);
            await DeadTillAsync(pcs[5], pcs[6], pcs[7]);
        }
        finally
        {
            var story = Repository.At("artifacts", "stories", "eight-computers.txt");
            Directory.CreateDirectory(Path.GetDirectoryName(story)!);
            await File.WriteAllTextAsync(story, _story.ToString());
            output.WriteLine(_story.ToString());
        }
    }

    private async Task OnlineAsync(WizardPc first, WizardPc second, string key)
    {
        Chapter("Online transfer");
        await PlayAsync(first, 1, "[NO_LICENSE]", "status");
        await PlayAsync(first, 0, "[VALID]", "activate", key);
        await PlayAsync(first, 0, "[VALID]", "check");
        await PlayAsync(second, 1, "[TOO_MANY_ACTIVATIONS]", "activate", key);
        var said = await PlayAsync(first, 0, "[RELEASED]", "release");
        said.ShouldContain(key, customMessage: "the key is shown whole before it is needed elsewhere");
        await PlayAsync(first, 1, "No license was found on this system", "status");
        Tell("The same PC again, with the key it has kept: it costs nothing.");
        await PlayAsync(first, 0, "[VALID]", "activate");
        await PlayAsync(first, 0, "[RELEASED]", "release");
        await PlayAsync(second, 0, "[VALID]", "activate", key);
    }

    private async Task WithASmartphoneAsync(WizardPc old, WizardPc next, string key)
    {
        Chapter("Offline, with a smartphone");
        await AnswerAsync(old, 1, "the license is still on this computer", "", "release", "--no-network");
        var said = await AnswerAsync(old, 0, "Scan it with the camera", "y\n", "release", "--no-network");
        await PlayAsync(next, 1, "[TOO_MANY_ACTIVATIONS]", "activate", key);
        using var phone = new Browser(_portal);
        await phone.GetAsync(new Uri(Link().Match(said).Value).PathAndQuery);
        phone.Outcome.ShouldBe("ready");
        await phone.SubmitAsync();
        Tell($"The phone opens the link and posts: {phone.Outcome}.");
        phone.Outcome.ShouldBe("released");
        await PlayAsync(next, 0, "[VALID]", "activate", key);
        await PlayAsync(old, 1, "No license was found on this system", "check");
    }

    private async Task WithASecondPcAsync(WizardPc old, WizardPc next, string key)
    {
        Chapter("Offline, with a second PC");
        var stick = Path.Combine(old.Folder, "usb-stick.txt");
        var said = await AnswerAsync(old, 0, "Verification code", $"n\n{stick}\n", "release", "--no-network");
        var code = Code().Match(said).Value;
        var saved = await File.ReadAllTextAsync(stick);
        Tell("On the stick:\n" + saved.TrimEnd());
        saved.ShouldContain(key);
        saved.ShouldContain(code);
        await ReleaseAsync(key, code);
        await PlayAsync(next, 0, "[VALID]", "activate", key);
    }

    private async Task DeadAndBackAsync(WizardPc dead, WizardPc next, string key)
    {
        Chapter("A dead PC, and its return");
        await PlayAsync(dead, 0, "is dead now", "simulate", "--dead-pc");
        await PlayAsync(dead, 1, "It shows nothing", "status");
        await ReleaseAsync(key, code: null);
        await PlayAsync(next, 0, "[VALID]", "activate", key);
        await PlayAsync(dead, 0, "runs again", "simulate", "--dead-pc");
        Tell("It was repaired and still has its license file. The background check finds out:");
        await PlayAsync(dead, 0, "[VALID]", "status");
        var note = await PlayAsync(dead, 1, "[LOCKED_ILLEGAL, F-", "check");
        await PlayAsync(next, 1, "[LOCKED_ILLEGAL, F-", "check");

        var clerk = await StaffUser.CreateAsync(_portal);
        var now = TimeProvider.System.GetUtcNow();
        var number = Case().Match(note).Value;
        var result = await _portal.Services.GetRequiredService<UnlockLicense>()
            .ExecuteAsync(new StaffAct(Guid.NewGuid(), await clerk.ActorAsync(authenticatedAt: now), "The old PC is scrapped"), number,
                new(SelfHelpPortal.Licensing.CheckIn.FlagCause.RepairedPc), now,
                default);
        Tell($"A clerk unlocks case {number}, with a reason.");
        result.ShouldBe(StaffResult.Done);
        await PlayAsync(next, 0, "[VALID]", "check");
        await PlayAsync(dead, 1, "[LOCKED_ILLEGAL", "check");
        await PlayAsync(next, 0, "[VALID]", "check");
    }

    private async Task CopiedAsync(WizardPc original, WizardPc copy)
    {
        Chapter("Copied, and changed");
        await PlayAsync(original, 0, "was copied", "simulate", "--clone", Path.Combine(copy.Folder, "state"));
        await PlayAsync(copy, 1, "[ANOTHER_COMPUTER]", "status");
        await PlayAsync(original, 0, "Changed parts", "simulate", "--hardware-change");
        await PlayAsync(original, 0, "[VALID_DRIFT]", "check");
        await PlayAsync(original, 0, "[VALID]", "check");
    }

    private async Task NeverOnlineAsync(WizardPc pc)
    {
        Chapter("A PC that is never online");
        var key = await ImportAsync(ApiPortal.Beam, "L-7003", "technik@muster-dome.example");
        var (request, license) = (Path.Combine(pc.Folder, "pc.lshreq"), Path.Combine(pc.Folder, "pc.lshlic"));
        await PlayAsync(pc, 0, "Saved", "request-file", request, "--activate", "--key", key, "--no-network");
        using var content = new StringContent(await File.ReadAllTextAsync(request), Encoding.UTF8, "text/plain");
        using var phone = _portal.CreateClient();
        using var answer = await phone.PostAsync(new Uri("/api/v1/offline-activations", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(201);
        await File.WriteAllTextAsync(license, await answer.Content.ReadAsStringAsync());
        Tell("The request file goes to the portal from elsewhere, and a license file comes back.");
        await PlayAsync(pc, 0, "[VALID]", "import", license, "--no-network");
        await PlayAsync(pc, 0, "[VALID]", "status", "--no-network");
    }

    /// <summary>The first document: two tills, one dies, and its owner orders the move without knowing which license was on it.</summary>
    private async Task DeadTillAsync(WizardPc working, WizardPc dead, WizardPc next)
    {
        Chapter("The dead till");
        const string Owner = "inhaber@muster-bistro.example";
        await PlayAsync(working, 0, "[VALID]", "activate", await ImportAsync(ApiPortal.Pos, "L-7001", Owner));
        var key = await ImportAsync(ApiPortal.Pos, "L-7002", Owner);
        await PlayAsync(dead, 0, "[VALID]", "activate", key);
        await PlayAsync(dead, 0, "is dead now", "simulate", "--dead-pc");
        using var browser = new Browser(_portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        await browser.SubmitAsync();
        Tell($"Its owner enters the key on the release page: {browser.Outcome}.");
        browser.Outcome.ShouldBe("offer-transfer");
        await PlayAsync(next, 0, "Please find attached", "request-file", Path.Combine(next.Folder, "license-info.lshreq"));
        var said = await PlayAsync(next, 0, "&hw=H", "transfer");

        await browser.GetAsync(new Uri(Transfer().Match(said).Value).PathAndQuery);
        await browser.SubmitAsync(("StillRuns", "no"));
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("Act", "next"));
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        await browser.SubmitAsync(("Act", "unknown"));
        await browser.SubmitAsync(
            ("WorkingPcs[0].Name", "Kasse 1"), ("WorkingPcs[0].HardwareCode", await HardwareCodeAsync(working)), ("Act", "check"));
        browser.Outcome.ShouldBe("identified", browser.Words);
        await browser.SubmitAsync(("Act", "yes"));
        await browser.SubmitAsync(Tills.Contact("kasse@muster-gastro.example"));
        await browser.SubmitAsync(("Accept", "yes"));
        browser.Outcome.ShouldBe("confirm-by-mail", browser.Words);
        await browser.GetAsync(Confirmation().Match(await MailAsync("transfer-confirm", "/transfer/confirm/")).Value);
        await browser.ConfirmAsync(("LastFive", key[^5..]));
        browser.Outcome.ShouldBe("submitted", browser.Words);
        Tell("The owner orders the move to the new till, finds the license by the code of the one that works, and confirms by mail.");

        var license = Path.Combine(next.Folder, "new.lshlic");
        await File.WriteAllTextAsync(license, Attachment().Match(await MailAsync("transfer-completed", ".lshlic")).Value);
        Tell("License file and invoice come by mail.");
        await PlayAsync(next, 0, "[VALID]", "import", license);
        await PlayAsync(next, 0, "[VALID]", "check");
        await PlayAsync(working, 0, "[VALID]", "check");
        await PlayAsync(dead, 0, "runs again", "simulate", "--dead-pc");
        await PlayAsync(dead, 1, "[SUPERSEDED]", "check");
        await PlayAsync(dead, 1, "[SUPERSEDED]", "status");
    }

    private static async Task<string> HardwareCodeAsync(WizardPc pc) => HardwareCode().Match((await pc.RunAsync("status")).Output).Value;

    /// <summary>As the operator takes over licenses that were sold before; the key is made.</summary>
    private async Task<string> ImportAsync(string product, string number, string owner)
    {
        var file = Path.Combine(_folder.FullName, "licenses.csv");
        await File.WriteAllTextAsync(
            file, $"product,license_number,seats,company,email,language\n{product},{number},1,Muster Bistro GmbH,{owner},de\n");
        var (exit, said) = await _portal.RunAsync("import", "licenses", file);
        exit.ShouldBe(0, said);
        return Key().Match(said).Value;
    }

    /// <summary>The newest mail of a kind; parts in base64 are made readable.</summary>
    private async Task<string> MailAsync(string kind, string contains)
    {
        string? found = null;
        await Eventually.BecomesTrueAsync(async () =>
        {
            foreach (var file in Directory.Exists(_portal.MailFolder)
                ? Directory.EnumerateFiles(_portal.MailFolder, $"*-{kind}-*.eml")
                : [])
            {
                var mail = ReadableMail.From(await File.ReadAllTextAsync(file));
                found = mail.Contains(contains, StringComparison.Ordinal) ? mail : found;
            }

            return found is not null;
        });
        return found!;
    }

    private async Task ReleaseAsync(string key, string? code)
    {
        using var browser = new Browser(_portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        await (code is null ? browser.SubmitAsync() : browser.SubmitAsync(("VerificationCode", code)));
        Tell($"On another PC somebody enters {(code is null ? "the key alone" : "key and code")} on the release page: {browser.Outcome}.");
        browser.Outcome.ShouldBe("released");
    }

    private Task<string> PlayAsync(WizardPc pc, int exit, string expected, params string[] verb) =>
        AnswerAsync(pc, exit, expected, "", verb);

    private async Task<string> AnswerAsync(WizardPc pc, int exit, string expected, string typed, params string[] verb)
    {
        var (left, said) = await pc.TypeAsync(typed, verb);
        var words = verb.Select(
            word => word.StartsWith(_folder.FullName, StringComparison.Ordinal) ? Path.GetFileName(word) : word);
        Tell($"{pc.Name}> {string.Join(' ', words)}");
        foreach (var line in Terminal().Replace(said, "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Trim().Length > 0))
        {
            Tell("      " + line.Replace(_folder.FullName, "…", StringComparison.Ordinal));
        }

        said.ShouldContain(expected);
        left.ShouldBe(exit, said);
        return said;
    }

    private void Chapter(string title) => _story.Append('\n').Append(title).Append('\n').Append('-', title.Length).Append('\n');

    private void Tell(string line) => _story.Append(line).Append('\n');

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Terminal();

    [GeneratedRegex("http://[^ ]+/D/[0-9A-Z]{32}")]
    private static partial Regex Link();

    [GeneratedRegex(@"https?://[^ ]+/transfer\?product=[^ ]+&hw=[0-9A-Z-]+")]
    private static partial Regex Transfer();

    // Codes begin where no code goes on: groups of another one may look like them.
    [GeneratedRegex("(?<![0-9A-Z-])D[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}")]
    private static partial Regex Code();

    [GeneratedRegex(@"F-\d+")]
    private static partial Regex Case();

    [GeneratedRegex("(?<![0-9A-Z-])K[0-9A-Z]{4}(-[0-9A-Z]{5}){4}")]
    private static partial Regex Key();

    [GeneratedRegex("(?<![0-9A-Z-])H1[0-9A-Z]{3}(-[0-9A-Z]{5}){6}")]
    private static partial Regex HardwareCode();

    [GeneratedRegex("/transfer/confirm/[A-Za-z0-9_-]{43}")]
    private static partial Regex Confirmation();

    [GeneratedRegex("-----BEGIN LSHP LICENSE-----.*?-----END LSHP LICENSE-----", RegexOptions.Singleline)]
    private static partial Regex Attachment();
}
