using System.Net;
using System.Text;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>Every field that takes a code takes it as people paste it; each has a license of its own.</summary>
public class PastedCodeTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    public static TheoryData<string> Ways =>
    [
        "„{0}“", "Code: {0}", "{0}{0}", "{0}\r\n{0}", "> Guten Tag,\r\n> der Code ist {0}.\r\n> Kunde K-10442", "<td>Code</td><td>{0}</td>",
        "\u200B{0}\uFEFF!", "/", "lower", "look-alikes",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_key_of_a_release(string way)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", Pasted(way, license.Key)));
        browser.Outcome.ShouldBe("confirm", browser.Words);
    }

    [Theory]
    [InlineData("„{0}“")]
    [InlineData("Aktivierungsschlüssel: {0}")]
    [InlineData("> Guten Tag,\r\n> Ihr Schlüssel lautet:\r\n> {0}\r\n> Kunde K-10442, Rechnung 2026-00042")]
    [InlineData("{0}\r\n{0}")]
    public async Task An_imported_key_of_a_release(string way)
    {
        var scheme = new KeyScheme { Pattern = "PC-[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}" };
        var key = $"PC-2019-{ActivationKey.New().Normalized[1..5]}-{ActivationKey.New().Normalized[1..5]}";
        await portal.Portal.AddLicenseAsync(foreignKey: key, keys: scheme, computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", way.Replace("{0}", key)));
        browser.Outcome.ShouldBe("confirm", browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_code_of_a_release(string way)
    {
        var license = await portal.Portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        await browser.SubmitAsync(("VerificationCode", Pasted(way, await license.VerificationCodeAsync("KASSE-ALT"))));
        browser.Outcome.ShouldBe("released", browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_link_of_a_release(string way)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var token = await license.QrTokenAsync("KASSE-ALT");
        using var browser = portal.Open();
        if (!way.Contains('/') && !way.Contains('\n') && way != "{0}{0}")
        {
            await browser.GetAsync("/D/" + Uri.EscapeDataString(Pasted(way, token)));
            browser.Outcome.ShouldBe("ready", browser.Words);
        }

        foreach (var behind in (string[])[")", ">", ").", "\"", "%C2%A0", "%E2%80%9C", ">,"])
        {
            await browser.GetAsync($"/D/{token}{behind}");
            browser.Outcome.ShouldBe("ready", behind);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Key_and_code_of_an_activation(string way)
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        await browser.SubmitAsync(
            ("ActivationKey", Pasted(way, license.Key)), ("HardwareCode", Pasted(way, A.Hardware("P" + way).ToString())));
        browser.Outcome.ShouldBe("activated", browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_code_of_a_transfer(string way)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", Pasted(way, A.Hardware("T" + way).ToString())), ("Act", "next"));
        browser.Status.ShouldBe(HttpStatusCode.OK, browser.Words);
        browser.ErrorsInSummary.ShouldBeEmpty();
    }

    public static TheoryData<string, bool> Files => new()
    {
        { "KASSE.lshreq.txt", false }, { "KASSE", false }, { "KASSE.lshreq", true }, { "KASSE.TXT", true },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_request_file_of_any_name_and_encoding(string name, bool isUtf16)
    {
        var license = await portal.Portal.AddLicenseAsync();
        var file = new RequestFile
        {
            Version = 1,
            Kind = "activate",
            Product = (await license.ReadAsync()).ProductId,
            HardwareCode = A.Hardware("F" + name).ToString(),
            PcName = "Büro",
            AppVersion = "1",
            Created = portal.Portal.Clock.Now,
            Nonce = "q3Zf0Vbq",
            ActivationKey = license.Key,
        };
        var text = string.Concat(file.Write().Split('\n').Select(line => "> " + line + "\r\n"));
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        await browser.UploadAsync(
            "RequestFile", name,
            isUtf16 ? [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)] : Encoding.UTF8.GetBytes(text));
        browser.Outcome.ShouldBe("activated", browser.Words);
    }

    private static string Pasted(string way, string code) => way switch
    {
        "/" => code.Replace('-', '/'),
        "lower" => code.ToLowerInvariant().Replace('0', 'o'),
        "look-alikes" => Mutilation.LookAlikes(new Seeded(), code),
        _ => way.Replace("{0}", code),
    };
}
