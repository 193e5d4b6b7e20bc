using System.Net;
using System.Net.Http.Json;
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

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Key_and_code_of_a_loan(string way)
    {
        var license = await portal.Portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered, computers: "KASSE-1");
        using var browser = portal.Open();
        await browser.GetAsync($"/loan?product={(await license.ReadAsync()).ProductId}");
        await browser.SubmitAsync(
            [("LicenseNumber", Pasted(way, license.Key)), .. Loan(Pasted(way, A.Hardware("L" + way).ToString()))]);
        browser.Outcome.ShouldBe("check", browser.Words);
        browser.Words.ShouldContain(license.Number);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_key_of_a_change_of_licensee(string way)
    {
        var held = await portal.Portal.AddHeldAsync(computers: "KASSE-1");
        using var browser = portal.Open();
        await browser.GetAsync($"/owner?product={(await held.License.ReadAsync()).ProductId}&kind=takeover");
        await browser.SubmitAsync([("LicenseNumber", Pasted(way, held.License.Key)), .. Taker]);
        browser.Outcome.ShouldBe("check", browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_key_of_an_appointment(string way)
    {
        var product = await portal.Portal.AddBookableAsync();
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-1");
        using var browser = portal.Open();
        await browser.GetAsync($"/appointments?product={product.Id}");
        var slot = browser.Page.QuerySelector("[name=Slot]")!.GetAttribute("value");
        await browser.GetAsync($"/appointments?product={product.Id}&slot={slot}");
        await browser.SubmitAsync(
            ("Name", "Erika Muster"), ("Email", SampleAppointments.Wish().Email), ("Phone", "030 0000000"),
            ("LicenseNumber", Pasted(way, license.Key)));
        browser.Outcome.ShouldBe("booked", browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_key_of_a_license_to_look_at(string way)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-1");
        using var browser = portal.Open();
        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", Pasted(way, license.Key)));
        browser.Path.ShouldStartWith("/license/", customMessage: browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_codes_of_a_changed_computer(string way)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-1");
        using var browser = portal.Open();
        await browser.GetAsync("/hardware");
        var code = Pasted(way, A.Hardware("W" + way).ToString());
        await browser.SubmitAsync([
            .. browser.Page.QuerySelector("[name=Product]") is null ? Array.Empty<(string, string?)>()
                : [("Product", (string?)(await license.ReadAsync()).ProductId)],
            ("OldCode", code), ("NewCode", code)]);
        browser.ErrorsInSummary.ShouldBeEmpty();
        browser.Status.ShouldBe(HttpStatusCode.OK, browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_reference_of_a_status(string way)
    {
        const string Email = "bestellt@muster-gastro.example";
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        var order = await tills.OrderAsync(browser, email: Email);
        await browser.GetAsync("/transfer/status");
        await browser.SubmitAsync(("Reference", Pasted(way, order.Reference!)), ("Email", Email));
        browser.Outcome.ShouldBe("awaiting-confirmation", browser.Words);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_a_program_was_given_goes_to_the_API_as_it_is(string way)
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var client = portal.Portal.CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/activations", new
        {
            activationKey = Pasted(way, license.Key),
            product = (await license.ReadAsync()).ProductId,
            hardwareCode = Pasted(way, A.Hardware("A" + way).ToString()),
            pcName = "KASSE-1",
            appVersion = "1",
            nonce = "q3Zf0VbqAAAAAAAAAAAAAA",
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    public static TheoryData<string, string> Numbers => Written();

    /// <summary>A number as people write it, where it is asked for; nobody has to own it.</summary>
    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task The_number_of_a_license(string page, string written)
    {
        using var browser = portal.Open();
        await browser.GetAsync(await AddressAsync(page));
        await browser.SubmitAsync(
            [("LicenseNumber", written), .. page == "loan" ? Loan(A.Hardware(written).ToString()) : Taker]);
        browser.Outcome.ShouldBe("check", browser.Words);
        browser.Words.ShouldContain("L-6004");
    }

    /// <summary>What a takeover asks for besides the license.</summary>
    private static (string, string?)[] Taker =>
    [
        ("Company", "Beispiel Betriebs GmbH"), ("Street", "Beispielweg 2"), ("PostalCode", "54321"), ("City", "Beispielstadt"),
        ("Email", "neu@beispiel.example"), ("AskedBy", "Erika Muster"),
    ];

    /// <summary>What a loan asks for besides the license.</summary>
    private (string, string?)[] Loan(string hardware) =>
    [
        ("HardwareCode", hardware), ("Reason", "Netzteil defekt"),
        ("LastDay", portal.Portal.Clock.Now.AddDays(7).ToString("yyyy-MM-dd", null)),
    ];

    private async Task<string> AddressAsync(string page)
    {
        if (page == "loan")
        {
            var license = await portal.Portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered);
            return $"/loan?product={(await license.ReadAsync()).ProductId}";
        }

        return $"/owner?product={(await (await portal.Portal.AddHeldAsync()).License.ReadAsync()).ProductId}&kind=takeover";
    }

    private static TheoryData<string, string> Written()
    {
        var data = new TheoryData<string, string>();
        foreach (var page in (string[])["loan", "owner"])
        {
            foreach (var written in (string[])
                ["L\u20136004", "L 6004", "l6004", "6004", "Lizenz L-6004.", "\u201eL-6004\u201c", "L\u2212 6004\u200B"])
            {
                data.Add(page, written);
            }
        }

        return data;
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
