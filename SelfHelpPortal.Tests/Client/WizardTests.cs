using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SelfHelpPortal.Client;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>The License Wizard's words, and its QR code as a telephone sees it.</summary>
public sealed partial class WizardTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-wizard-");

    public static TheoryData<string> TextFiles() => ["SelfHelpPortal.Client/ClientTexts", "samples/LicenseWizard/Texts"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(TextFiles))]
    public void Both_languages_say_the_same(string file)
    {
        var (english, german) = (Read(file + ".resx"), Read(file + ".de.resx"));

        german.Keys.ShouldBe(english.Keys);
        foreach (var key in english.Keys)
        {
            german[key].ShouldNotBeNullOrWhiteSpace(key);
            Places(german[key]).ShouldBe(Places(english[key]), key);
            (german[key] == english[key] && key is not "No").ShouldBeFalse(key);
        }
    }

    [Fact]
    public void Every_code_of_the_library_has_words()
    {
        var words = Read("samples/LicenseWizard/Texts.resx");
        var codes = typeof(LicenseCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).ToList();

        codes.Count.ShouldBeGreaterThan(20);
        codes.Where(code => !words.ContainsKey("Code." + code)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_qr_code_in_the_terminal_leads_to_the_page_that_frees_the_license()
    {
        await using var portal = new ApiPortal { Portal = RealTime.Portal() };
        await portal.InitializeAsync();
        var pc = new WizardPc(_folder.FullName, "PC 1", new UriBuilder(portal.Portal.Address) { Host = "localhost" }.Uri, language: "de");
        (await pc.RunAsync("activate", await portal.LicenseAsync(ApiPortal.Beam))).Exit.ShouldBe(0);

        var (exit, said) = await pc.TypeAsync("j\n", "release", "--no-network");

        exit.ShouldBe(0, said);
        said.ShouldContain("Keine Internetverbindung. Haben Sie ein Smartphone zur Hand? Ja: QR-Code. Nein: Bestätigungscode");
        var read = await ReadByTelephoneAsync(said);
        read.ShouldBe(Link().Match(said).Value);
        using var phone = new Browser(portal.Portal);
        await phone.GetAsync(new Uri(read).PathAndQuery);
        phone.Outcome.ShouldBe("ready");
        phone.Words.ShouldContain(read[^4..]);
        (await pc.RunAsync("status")).Output.ShouldContain("[RELEASED_HERE]");

        // Shown again after the window was closed: the same picture.
        (await ReadByTelephoneAsync((await pc.RunAsync("code", "--no-network")).Output)).ShouldBe(read);
        await phone.SubmitAsync();
        phone.Outcome.ShouldBe("released");
        (await pc.RunAsync("check")).Output.ShouldContain("Auf diesem System wurde keine Lizenz gefunden");
    }

    [Fact]
    public async Task The_menu_does_what_the_verbs_do()
    {
        await using var portal = new ApiPortal { Portal = RealTime.Portal() };
        await portal.InitializeAsync();
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        var pc = new WizardPc(_folder.FullName, "PC 1", portal.Portal.Address);
        var file = Path.Combine(pc.Folder, "info.lshreq");

        var (exit, said) = await pc.TypeAsync($"1\n{key}\n2\n5\n{file}\n6\nno-such-file\n8\nE\n4\n3\n1\n\n9\n0\n");

        exit.ShouldBe(0, said);
        Codes().Matches(said).Select(match => match.Value).ShouldBe(
        [
            "[NO_LICENSE]", "[VALID]", "[VALID]", "[VALID]", "[VALID]", "[VALID]", "[BAD_FILE]", "[VALID]", "[WRONG_EMERGENCY_CODE]",
                "[VALID]",
            "[VALID]", "[RELEASED]", "[NO_LICENSE]", "[VALID]", "[VALID]", "[VALID]",
        ]);
        said.ShouldContain(key);
        File.Exists(file).ShouldBeTrue();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("import")]
    [InlineData("status", "--state")]
    [InlineData("simulate")]
    public async Task What_it_does_not_understand_it_says_with_exit_code_2(params string[] words)
    {
        var (exit, said) = await ChildProcess.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "LicenseWizard.dll"), .. words]);

        exit.ShouldBe(2);
        said.ShouldContain("--fake-hardware");
    }

    /// <summary>The colored lines as a picture, eight points a module, read by the program that reads QR codes.</summary>
    private async Task<string> ReadByTelephoneAsync(string terminal)
    {
        var rows = ColoredLine().Matches(terminal).Select(line => line.Groups[1].Value).ToList();
        rows.Count.ShouldBeGreaterThan(10);
        const int Scale = 8;
        var picture = new StringBuilder("P1\n").Append(rows[0].Length * Scale).Append(' ').Append(rows.Count * 2 * Scale).Append('\n');
        foreach (var (line, upper) in rows.SelectMany(row => new[] { (row, true), (row, false) }))
        {
            var dark = string.Concat(line.Select(c => new string(c == '█' || c == (upper ? '▀' : '▄') ? '1' : '0', Scale)));
            picture.Append(string.Concat(Enumerable.Repeat(dark + "\n", Scale)));
        }

        var file = Path.Combine(_folder.FullName, "terminal.pbm");
        await File.WriteAllTextAsync(file, picture.ToString());
        var (exit, read) = await ChildProcess.RunAsync("zbarimg", ["-q", "--raw", file]);
        exit.ShouldBe(0, read);
        return read.Split('\n')[0];
    }

    private static Dictionary<string, string> Read(string file) => XDocument.Load(Repository.At(file.Split('/'))).Root!.Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\[[A-Z_]{5,}\]")]
    private static partial Regex Codes();

    /// <summary>Black on white, as <c>TerminalQr</c> asks the terminal for.</summary>
    [GeneratedRegex("\u001b\\[30;107m([█▀▄ ]+)\u001b\\[0m")]
    private static partial Regex ColoredLine();

    [GeneratedRegex("http://[^ ]+/D/[0-9A-Z]{32}")]
    private static partial Regex Link();
}
