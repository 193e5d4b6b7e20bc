using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>POST /api/v1/activations, row by row.</summary>
public sealed class ActivateTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task A_new_computer_is_created_and_told_everything_it_needs()
    {
        var till = await portal.TillAsync("KASSE-1");

        var answer = await till.ActivateAsync();

        answer.ShouldBeActivated(201);
        answer.Type.ShouldBe("application/json");
        answer.Members.ShouldBe(["handle", "generation", "releaseSecret", "license", "code"], ignoreOrder: true);
        till.Handle!.Length.ShouldBe(13);
        till.Generation.ShouldBe(1);
        till.Secret.Length.ShouldBe(20);
        till.License!.ShouldStartWith("-----BEGIN LSHP LICENSE-----");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_computer_again_gets_the_activation_it_has()
    {
        var till = await portal.ActiveTillAsync("KASSE-2");
        var (handle, secret) = (till.Handle, till.Secret);

        (await till.ActivateAsync()).ShouldBeActivated(200);

        till.Handle.ShouldBe(handle);
        till.Generation.ShouldBe(1);
        till.Secret.ShouldBe(secret);
    }

    [Fact]
    public async Task A_similar_computer_gets_a_new_generation_with_a_new_secret_and_the_old_one_is_superseded()
    {
        var till = await portal.ActiveTillAsync("KASSE-22");
        var before = await portal.TillAsync("KASSE-22", key: till.Key);
        (before.Handle, before.Generation, before.Secret) = (till.Handle, till.Generation, till.Secret);
        till.HardwareCode = A.Hardware("KASSE-22", changed: 2).ToString();

        (await till.ActivateAsync()).ShouldBeActivated(200);

        (till.Handle == before.Handle, till.Generation).ShouldBe((false, 2));
        till.Secret.ShouldNotBe(before.Secret);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        (await before.CheckAsync()).ShouldBe("SUPERSEDED", valid: false);
        await using var db = portal.Portal.Open();
        (await db.Flags.CountAsync(f => db.Activations.Any(a => a.LicenseId == f.LicenseId && a.Handle == till.Handle))).ShouldBe(0);
        var license = await db.Activations.Where(a => a.Handle == till.Handle).Select(a => a.LicenseId).SingleAsync();
        (await db.Events.Where(e => e.Stream == license).OrderBy(e => e.Seq).Select(e => e.Kind).ToListAsync())
            .ShouldBe([EventKind.Imported, EventKind.Activated, EventKind.Superseded, EventKind.Activated]);
    }

    /// <summary>The processor of a model is known to everybody. With the key it must open nothing of the till that works.</summary>
    [Fact]
    public async Task Five_zeros_and_the_processor_get_no_secret_and_release_nothing()
    {
        var till = await portal.ActiveTillAsync("KASSE-23");
        var stranger = await portal.TillAsync("FREMDER", key: till.Key);
        foreach (var kinds in new[] { (string[])["cpu-id"], ["cpu-id", "os-machine-id"], ["disk-serial", "cpu-id", "os-machine-id"] })
        {
            stranger.HardwareCode = HardwareCode.From(A.ProductId, kinds.Select(kind => KeyValuePair.Create(kind, $"{kind} of KASSE-23")))
                .ToString();
            stranger.HardwareCode.Split('-')[4][..4].ShouldBe(till.HardwareCode.Split('-')[4][..4], "it is the same processor");

            var answer = await stranger.ActivateAsync();

            answer.ShouldBeProblem(400, "INVALID_HARDWARE_CODE")["detail"]!.GetValue<string>()
                .ShouldBe(portal.Portal.FewParts("en", kinds));
            answer.Members.ShouldNotContain("releaseSecret");
            answer.Members.ShouldNotContain("license");
        }

        // Nor when staff have allowed such computers for this license.
        await portal.StaffAsync(till, (license, _) => license.AllowFewParts(portal.Clock.Now).ShouldSucceed());
        (await stranger.ActivateAsync()).ShouldBeProblem(409, "TOO_MANY_ACTIVATIONS").Members.ShouldNotContain("releaseSecret");
        stranger.Handle.ShouldBeNull();
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        (await till.ReleaseAsync())["released"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Seven_computers_with_nothing_but_the_same_processor_do_not_share_a_seat()
    {
        var first = await portal.TillAsync("KIOSK-1");
        var processor = HardwareCode.From(A.ProductId, [new("cpu-id", "AMD64 F23")]).ToString();
        for (var number = 1; number <= 7; number++)
        {
            var kiosk = await portal.TillAsync($"KIOSK-{number}", key: first.Key);
            kiosk.HardwareCode = processor;
            (await kiosk.ActivateAsync()).ShouldBeProblem(400, "INVALID_HARDWARE_CODE");
        }

        first.HardwareCode = processor;
        await portal.StaffAsync(first.Key, license => license.AllowFewParts(portal.Clock.Now).ShouldSucceed());
        (await first.ActivateAsync()).ShouldBeActivated(201);
        var next = await portal.TillAsync("KIOSK-2", key: first.Key);
        next.HardwareCode = processor;
        (await next.ActivateAsync()).ShouldBeActivated(200);
        next.Secret.ShouldNotBe(first.Secret);
        (await first.CheckAsync()).ShouldBe("SUPERSEDED", valid: false);
        (await next.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    /// <summary>Proxmox: one template, so the disk's number and the system's id are everybody's.</summary>
    [Fact]
    public async Task A_clone_of_a_virtual_machine_is_another_computer()
    {
        static string Clone(string number) => HardwareCode.From(A.ProductId,
        [
            new("board-uuid", "u-vm" + number), new("disk-serial", "QM00001"), new("cpu-id", "GenuineIntel 15 6 1"),
                new("mac", "BC241100000" + number),
            new("os-machine-id", "template-guid"),
        ]).ToString();

        var original = await portal.TillAsync("VM-1");
        original.HardwareCode = Clone("1");
        (await original.ActivateAsync()).ShouldBeActivated(201);
        var clone = await portal.TillAsync("VM-2", key: original.Key);
        clone.HardwareCode = Clone("2");

        (await clone.ActivateAsync()).ShouldBeProblem(409, "TOO_MANY_ACTIVATIONS");
        (clone.Handle, clone.Generation, clone.Secret) = (original.Handle, original.Generation, original.Secret);
        (await clone.CheckAsync()).ShouldBe("HARDWARE_MISMATCH", valid: false);
    }

    [Fact]
    public async Task Typed_in_lower_case_with_an_O_for_a_zero_the_key_is_the_same()
    {
        var key = await portal.LicenseAsync();
        while (!key.Contains('0', StringComparison.Ordinal))
        {
            key = await portal.LicenseAsync();
        }

        var till =
            await portal.TillAsync("KASSE-3", key: key.Replace('0', 'o').ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));

        (await till.ActivateAsync()).ShouldBeActivated(201);
    }

    [Fact]
    public async Task An_unknown_key_and_a_mistyped_one_are_one_answer()
    {
        var till = await portal.TillAsync("KASSE-4");
        var right = till.Key;
        till.Key = ActivationKey.New().ToString();
        var unknown = await till.ActivateAsync();
        till.Key = right[..^1] + (right[^1] == 'X' ? 'Y' : 'X');
        var mistyped = await till.ActivateAsync();

        unknown.ShouldBeProblem(404, "UNKNOWN_KEY");
        mistyped.Text.ShouldBe(unknown.Text);
        mistyped.Status.ShouldBe(unknown.Status);
    }

    [Fact]
    public async Task A_right_key_for_another_product_is_told_so()
    {
        var till = await portal.TillAsync("KASSE-5");
        till.Product = ApiPortal.Beam;

        (await till.ActivateAsync()).ShouldBeProblem(404, "WRONG_PRODUCT").Members.ShouldNotContain("activations");
    }

    [Fact]
    public async Task A_full_license_names_its_computers_masked()
    {
        var first = await portal.ActiveTillAsync("KASSE-HINTEN");
        (await first.CheckAsync()).ShouldBe("VALID", valid: true);
        var second = await portal.TillAsync("LAPTOP-NEU", key: first.Key);

        var answer = await second.ActivateAsync();

        answer.ShouldBeProblem(409, "TOO_MANY_ACTIVATIONS");
        answer["releaseUrl"]!.GetValue<string>().ShouldBe($"http://localhost:{portal.Portal.Address.Port}/release");
        var computer = answer["activations"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        computer["pcName"]!.GetValue<string>().ShouldBe("KA…N");
        var now = portal.Clock.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        computer["activatedAt"]!.GetValue<string>().ShouldBe(now);
        computer["lastSeen"]!.GetValue<string>().ShouldBe(now);
        computer.Count.ShouldBe(3);
        answer.Text.ShouldNotContain("HINTEN");
    }

    [Fact]
    public async Task A_locked_license_names_its_case()
    {
        var (old, _) = await portal.ContradictionAsync(ApiPortal.Beam);
        var number = (await old.CheckAsync())["caseNumber"]!.GetValue<string>();
        var third = await portal.TillAsync("DRITTER", ApiPortal.Beam, old.Key);

        var answer = await third.ActivateAsync();

        answer.ShouldBeProblem(423, "LOCKED_ILLEGAL")["caseNumber"]!.GetValue<string>().ShouldBe(number);
    }

    [Theory]
    [InlineData("SUSPENDED")]
    [InlineData("REVOKED")]
    [InlineData("EXPIRED")]
    [InlineData("DEVICE_EXCLUDED")]
    public async Task What_stands_in_the_way_is_403(string code)
    {
        var till = await portal.ActiveTillAsync("PC-" + code, seats: 2);
        await portal.StaffAsync(till, (license, activation) => _ = code switch
        {
            "SUSPENDED" => license.Suspend().Succeeded,
            "REVOKED" => license.Revoke(portal.Clock.Now).Succeeded,
            "EXPIRED" => (license.ExpiresAt = portal.Clock.Now) is not null,
            _ => license.Exclude(activation, new HardwarePolicy(), portal.Clock.Now).Succeeded,
        });

        (await till.ActivateAsync()).ShouldBeProblem(403, code);
    }

    [Theory]
    [InlineData(null, "The field hardwareCode is missing")]
    [InlineData(" - ", "The field hardwareCode is missing")]
    [InlineData("H1011-2BATA", "The hardware code has 35 characters, yours has 10. Is something missing at the end?")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "This is an activation key. With it you release a license at /release"
        + ". Here we need the hardware code, it starts with H")]
    [InlineData("DY09R-7CM28-BHTSH", "This is a verification code. The page /release asks for it once the key is entered"
        + ". Here we need the hardware code, it starts with H")]
    public async Task A_hardware_code_that_cannot_be_read_says_why(string? hardwareCode, string detail)
    {
        var till = await portal.TillAsync("KASSE-6");
        var body = till.ActivateBody();
        body["hardwareCode"] = hardwareCode;

        var answer = await till.SendAsync("activations", body);

        answer.ShouldBeProblem(400, "INVALID_HARDWARE_CODE")["detail"]!.GetValue<string>().ShouldBe(detail);
    }

    [Fact]
    public async Task A_mistyped_hardware_code_names_the_group()
    {
        var till = await portal.TillAsync("KASSE-7");
        var code = till.HardwareCode.ToCharArray();
        code[7] = code[7] == '2' ? '3' : '2';
        till.HardwareCode = new string(code);

        var answer = await till.ActivateAsync();

        answer.ShouldBeProblem(400, "INVALID_HARDWARE_CODE")["detail"]!.GetValue<string>()
            .ShouldBe($"A character in group 2 ({till.HardwareCode.Split('-')[1]}) is wrong. Check 0/O, 1/I and 8/B first");
    }

    public static TheoryData<string, JsonNode?, string> BadFields => new()
    {
        { "activationKey", null, "The field activationKey is missing" },
        { "activationKey", "  ", "The field activationKey is missing" },
        { "product", null, "The field product is missing" },
        { "product", new string('p', 101), "The field product has more than 100 characters" },
        { "pcName", new string('n', 101), "The field pcName has more than 100 characters" },
        { "appVersion", new string('1', 51), "The field appVersion has more than 50 characters" },
        { "nonce", null, "The field nonce has 8 to 128 printable ASCII characters" },
        { "nonce", "7 chars", "The field nonce has 8 to 128 printable ASCII characters" },
        { "nonce", new string('n', 129), "The field nonce has 8 to 128 printable ASCII characters" },
        { "nonce", "größer als ASCII", "The field nonce has 8 to 128 printable ASCII characters" },
        { "nonce", "line\nfeed", "The field nonce has 8 to 128 printable ASCII characters" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_field_that_cannot_be_read_is_named(string field, JsonNode? value, string detail)
    {
        var till = await portal.TillAsync("KASSE-8");
        var body = till.ActivateBody();
        body[field] = value?.DeepClone();

        var answer = await till.SendAsync("activations", body);

        answer.ShouldBeProblem(400, "INVALID_REQUEST")["detail"]!.GetValue<string>().ShouldBe(detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"activationKey\":5}")]
    [InlineData("{\"pcName\":\"\\ud800\"}")]
    public async Task What_is_no_such_JSON_is_an_invalid_request(string body)
    {
        var till = await portal.TillAsync("KASSE-9");

        (await till.SendAsync("activations", body)).ShouldBeProblem(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var till = await portal.TillAsync("KASSE-10");
        var body = till.ActivateBody();
        body["seats"] = 99;
        body["state"] = "Active";
        body["later"] = new JsonObject { ["deep"] = new JsonArray(1, 2) };

        var answer = await till.SendAsync("activations", body);

        answer.ShouldBeActivated(201);
        till.Take(answer);
        (await portal.LicenseOfAsync(till)).Seats.ShouldBe(1);
    }

    [Fact]
    public async Task Characters_that_steer_are_taken_out_of_names()
    {
        var till = await portal.TillAsync("KASSE-11");
        var body = till.ActivateBody();
        body["pcName"] = " KA\u0001SS\u202EE\r\n-11\u001b ";
        body["appVersion"] = "7.4\t\u0007";

        var answer = await till.SendAsync("activations", body);

        till.Take(answer.ShouldBeActivated(201));
        var stored = (await portal.LicenseOfAsync(till)).Activations.ShouldHaveSingleItem();
        stored.PcName.ShouldBe("KASSE-11");
        stored.AppVersion.ShouldBe("7.4");
    }

    [Fact]
    public async Task A_key_of_one_megabyte_is_refused_unread()
    {
        var till = await portal.TillAsync("KASSE-12");
        var body = till.ActivateBody();
        body["activationKey"] = new string('K', 1_000_000);

        (await till.SendAsync("activations", body, headers => headers.ExpectContinue = true)).ShouldBeProblem(413, "INVALID_REQUEST");
    }

    [Fact]
    public async Task A_key_as_long_as_a_body_may_be_is_unknown()
    {
        var till = await portal.TillAsync("KASSE-13");
        till.Key = new string('K', 60_000);

        (await till.ActivateAsync()).ShouldBeProblem(404, "UNKNOWN_KEY");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task What_a_foreign_page_could_send_without_asking_is_refused(string type)
    {
        var till = await portal.TillAsync("KASSE-14");
        using var client = portal.Portal.CreateClient();
        using var content = new StringContent(till.ActivateBody().ToJsonString(), System.Text.Encoding.UTF8, type);

        using var response = await client.PostAsync("/api/v1/activations", content);

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(415, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "NOT_FOUND")]
    [InlineData("GET", "/api/v2/blocklist", 404, "NOT_FOUND")]
    [InlineData("POST", "/api/v1/blocklist", 405, "METHOD_NOT_ALLOWED")]
    public async Task A_wrong_address_or_method_is_a_problem_too(string method, string path, int status, string code)
    {
        using var client = portal.Portal.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request);

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task German_is_spoken_where_it_is_asked_for()
    {
        var till = await portal.TillAsync("KASSE-15");
        till.Language = "de-AT, en;q=0.5";
        till.HardwareCode = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH";

        var answer = await till.ActivateAsync();

        answer["title"]!.GetValue<string>().ShouldBe("Der Hardwarecode ist nicht lesbar");
        answer["detail"]!.GetValue<string>()
            .ShouldBe("Das ist ein Aktivierungsschlüssel. Mit ihm geben Sie unter /release eine Lizenz frei"
                + ". Hier brauchen wir den Hardwarecode, er beginnt mit H");
    }

    [Fact]
    public async Task One_event_is_written_for_each_new_activation_and_none_for_a_repetition()
    {
        var till = await portal.ActiveTillAsync("KASSE-16");
        await till.ActivateAsync();
        var license = await portal.LicenseOfAsync(till);
        await using var db = portal.Portal.Open();

        (await db.Events.CountAsync(e => e.Stream == license.Id && e.Kind == EventKind.Activated)).ShouldBe(1);
    }
}
