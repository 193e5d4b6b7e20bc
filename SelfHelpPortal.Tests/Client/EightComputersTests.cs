using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff;
using SelfHelpPortal.Features.Staff.UnlockLicense;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// Eight PCs, each played by the License Wizard as a process of its own, against a running portal: the whole of the second document, and the dead
/// till of the first as far as its new PC is concerned. Everything that is said is written down; <c>./test.sh</c> prints it.
/// </summary>
public sealed partial class EightComputersTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-play-");
    private readonly StringBuilder _story = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_license_goes_from_PC_to_PC_in_every_way_there_is()
    {
        await using var portal = new ApiPortal { Portal = RealTime.Portal() };
        await portal.InitializeAsync();
        try
        {
            var key = await portal.LicenseAsync(ApiPortal.Beam);
            var pcs = Enumerable.Range(1, 6).Select(number => new WizardPc(_folder.FullName, $"PC {number}", portal.Portal.Address)).ToArray();
            await OnlineAsync(pcs[0], pcs[1], key);
            await WithASmartphoneAsync(portal, pcs[1], pcs[2], key);
            await WithASecondPcAsync(portal, pcs[2], pcs[3], key);
            await DeadAndBackAsync(portal, pcs[3], pcs[4], key);
            await CopiedAsync(pcs[4], pcs[5]);
            await NeverOnlineAsync(portal, pcs[5]);
            await TillAsync(portal);
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

    private async Task WithASmartphoneAsync(ApiPortal portal, WizardPc old, WizardPc next, string key)
    {
        Chapter("Offline, with a smartphone");
        await AnswerAsync(old, 1, "the license is still on this computer", "", "release", "--no-network");
        var said = await AnswerAsync(old, 0, "Scan it with the camera", "y\n", "release", "--no-network");
        await PlayAsync(next, 1, "[TOO_MANY_ACTIVATIONS]", "activate", key);
        using var phone = new Browser(portal.Portal);
        await phone.GetAsync(new Uri(Link().Match(said).Value).PathAndQuery);
        phone.Outcome.ShouldBe("ready");
        await phone.SubmitAsync();
        Tell($"The phone opens the link and posts: {phone.Outcome}.");
        phone.Outcome.ShouldBe("released");
        await PlayAsync(next, 0, "[VALID]", "activate", key);
        await PlayAsync(old, 1, "No license was found on this system", "check");
    }

    private async Task WithASecondPcAsync(ApiPortal portal, WizardPc old, WizardPc next, string key)
    {
        Chapter("Offline, with a second PC");
        var stick = Path.Combine(old.Folder, "usb-stick.txt");
        var said = await AnswerAsync(old, 0, "Verification code", $"n\n{stick}\n", "release", "--no-network");
        var code = Code().Match(said).Value;
        var saved = await File.ReadAllTextAsync(stick);
        Tell("On the stick:\n" + saved.TrimEnd());
        saved.ShouldContain(key);
        saved.ShouldContain(code);
        await ReleaseAsync(portal, key, code);
        await PlayAsync(next, 0, "[VALID]", "activate", key);
    }

    private async Task DeadAndBackAsync(ApiPortal portal, WizardPc dead, WizardPc next, string key)
    {
        Chapter("A dead PC, and its return");
        await PlayAsync(dead, 0, "is dead now", "simulate", "--dead-pc");
        await PlayAsync(dead, 1, "It shows nothing", "status");
        await ReleaseAsync(portal, key, code: null);
        await PlayAsync(next, 0, "[VALID]", "activate", key);
        await PlayAsync(dead, 0, "runs again", "simulate", "--dead-pc");
        Tell("It was repaired and still has its license file. The background check finds out:");
        await PlayAsync(dead, 0, "[VALID]", "status");
        var note = await PlayAsync(dead, 1, "[LOCKED_ILLEGAL, F-", "check");
        await PlayAsync(next, 1, "[LOCKED_ILLEGAL, F-", "check");

        var clerk = await StaffUser.CreateAsync(portal.Portal);
        var now = TimeProvider.System.GetUtcNow();
        var number = Case().Match(note).Value;
        var result = await portal.Portal.Services.GetRequiredService<UnlockLicense>()
            .ExecuteAsync(new StaffAct(Guid.NewGuid(), await clerk.ActorAsync(authenticatedAt: now), "The old PC is scrapped"), number, now, default);
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

    private async Task NeverOnlineAsync(ApiPortal portal, WizardPc pc)
    {
        Chapter("A PC that is never online");
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        var (request, license) = (Path.Combine(pc.Folder, "pc6.lshreq"), Path.Combine(pc.Folder, "pc6.lshlic"));
        await PlayAsync(pc, 0, "Saved", "request-file", request, "--activate", "--key", key, "--no-network");
        using var content = new StringContent(await File.ReadAllTextAsync(request), Encoding.UTF8, "text/plain");
        using var answer = await portal.Client.PostAsync(new Uri("/api/v1/offline-activations", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(201);
        await File.WriteAllTextAsync(license, await answer.Content.ReadAsStringAsync());
        Tell("The request file goes to the portal from elsewhere, and a license file comes back.");
        await PlayAsync(pc, 0, "[VALID]", "import", license, "--no-network");
        await PlayAsync(pc, 0, "[VALID]", "status", "--no-network");
    }

    private async Task TillAsync(ApiPortal portal)
    {
        Chapter("The dead till");
        var key = await portal.LicenseAsync();
        var till = new WizardPc(_folder.FullName, "PC 7", portal.Portal.Address, ApiPortal.Pos);
        var next = new WizardPc(_folder.FullName, "PC 8", portal.Portal.Address, ApiPortal.Pos);
        await PlayAsync(till, 0, "[VALID]", "activate", key);
        await PlayAsync(till, 0, "is dead now", "simulate", "--dead-pc");
        using var browser = new Browser(portal.Portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        await browser.SubmitAsync();
        Tell($"Its owner enters the key on the release page: {browser.Outcome}.");
        browser.Outcome.ShouldBe("offer-transfer");
        await PlayAsync(next, 0, "Please find attached", "request-file", Path.Combine(next.Folder, "license-info.lshreq"));
        var said = await PlayAsync(next, 0, "/transfer?hw=H", "transfer");
        await browser.GetAsync(new Uri(Transfer().Match(said).Value).PathAndQuery);
        Tell($"The link of the new till opens: {browser.Heading}.");
        ((int)browser.Status).ShouldBe(200);
    }

    private async Task ReleaseAsync(ApiPortal portal, string key, string? code)
    {
        using var browser = new Browser(portal.Portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        await (code is null ? browser.SubmitAsync() : browser.SubmitAsync(("VerificationCode", code)));
        Tell($"On another PC somebody enters {(code is null ? "the key alone" : "key and code")} on the release page: {browser.Outcome}.");
        browser.Outcome.ShouldBe("released");
    }

    private Task<string> PlayAsync(WizardPc pc, int exit, string expected, params string[] verb) => AnswerAsync(pc, exit, expected, "", verb);

    private async Task<string> AnswerAsync(WizardPc pc, int exit, string expected, string typed, params string[] verb)
    {
        var (left, said) = await pc.TypeAsync(typed, verb);
        Tell($"{pc.Name}> {string.Join(' ', verb.Select(word => word.StartsWith(_folder.FullName, StringComparison.Ordinal) ? Path.GetFileName(word) : word))}");
        foreach (var line in Terminal().Replace(said, "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Trim().Length > 0))
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

    [GeneratedRegex("HTTP://[^ ]+/D/[0-9A-Z]{32}")]
    private static partial Regex Link();

    [GeneratedRegex("https?://[^ ]+/transfer\\?hw=[0-9A-Z-]+")]
    private static partial Regex Transfer();

    [GeneratedRegex("D[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}")]
    private static partial Regex Code();

    [GeneratedRegex(@"F-\d+")]
    private static partial Regex Case();
}
