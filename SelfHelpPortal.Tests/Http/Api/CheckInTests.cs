using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Machine.Blocklist;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>POST /api/v1/activations/{handle}/check, row by row.</summary>
public sealed class CheckInTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private VerificationKeys Keys => portal.Portal.Services.GetRequiredService<SigningKeys>().Verifier;

    [Fact]
    public async Task VALID_says_go_on_and_signs_it()
    {
        var till = await portal.ActiveTillAsync("KASSE-1");
        var question = till.CheckBody();

        var answer = await till.SendAsync($"activations/{till.Handle}/check", question);

        answer.ShouldBe("VALID", valid: true);
        answer.Members.ShouldBe(
            ["valid", "code", "message", "checkEveryDays", "graceDays", "maintenanceUntil", "answer"], ignoreOrder: true);
        answer["message"]!.GetValue<string>().ShouldBe("This license is valid");
        answer["checkEveryDays"]!.GetValue<int>().ShouldBe(7);
        answer["graceDays"]!.GetValue<int>().ShouldBe(14);
        answer["maintenanceUntil"]!.GetValue<string>().ShouldBe("2027-01-31");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var signed = CheckInAnswer.Read(answer["answer"]!.GetValue<string>(), question["nonce"]!.GetValue<string>(), Keys);
        signed.IsGenuine.ShouldBeTrue();
        signed.Claims.ShouldBe(new CheckInAnswer(question["nonce"]!.GetValue<string>(), portal.Clock.Now, till.Handle!, 1, true, "VALID"));
    }

    [Fact]
    public async Task An_old_computer_that_goes_on_is_told_its_end_gets_it_in_a_file_and_then_EXPIRED()
    {
        var till = await portal.ActiveTillAsync("KASSE-ENDE", ApiPortal.Beam);
        var end = new DateTimeOffset(portal.Clock.Now.AddDays(7).UtcDateTime.Date, TimeSpan.Zero);
        await portal.StaffAsync(till, (license, activation) => license.Release(
            activation, ReleaseMethod.ActivationKey, A.FreeRelease, portal.Clock.Now, goesOnUntil: end).ShouldSucceed());
        await portal.ActiveTillAsync("KASSE-NACHFOLGER", ApiPortal.Beam, key: till.Key);

        var goesOn = await till.CheckAsync();

        goesOn.ShouldBe("VALID", valid: true);
        goesOn["endsAt"]!.GetValue<DateTimeOffset>().ShouldBe(end);
        goesOn["message"]!.GetValue<string>().ShouldStartWith("This license is valid on this PC until ");
        var file = LicenseFile.Read(goesOn["license"]!.GetValue<string>(), Keys).Claims!;
        (file.ExpiresAt, file.Temporary).ShouldBe((end, new TemporaryUse("overlap", end)));

        var now = portal.Clock.Now;
        portal.Clock.Now = end;
        var over = await till.CheckAsync();
        over.ShouldBe("EXPIRED", valid: false);
        over["endsAt"]!.GetValue<DateTimeOffset>().ShouldBe(end);
        over["message"]!.GetValue<string>().ShouldStartWith("The license for this PC was valid for a limited time and ended on ");
        over.Members.ShouldNotContain("caseNumber");
        portal.Clock.Now = now;
    }

    [Fact]
    public async Task VALID_DRIFT_learns_the_new_part_and_hands_over_a_new_file()
    {
        var till = await portal.ActiveTillAsync("KASSE-2");
        till.HardwareCode = A.Hardware("KASSE-2", changed: 2).ToString();

        var drift = await till.CheckAsync();
        var then = await till.CheckAsync();

        drift.ShouldBe("VALID_DRIFT", valid: true);
        LicenseFile.Read(drift["license"]!.GetValue<string>(), Keys).Claims!.HardwareCode.ShouldBe(till.HardwareCode);
        then.ShouldBe("VALID", valid: true).Members.ShouldNotContain("license");
    }

    [Fact]
    public async Task VALID_GRACE_names_the_days_that_are_left()
    {
        var till = await portal.ActiveTillAsync("KASSE-3", expires: portal.Clock.Now.AddDays(1));
        portal.Clock.Advance(TimeSpan.FromDays(3));

        var answer = await till.CheckAsync();

        answer.ShouldBe("VALID_GRACE", valid: true);
        answer["message"]!.GetValue<string>().ShouldStartWith("This license has expired. The software keeps running for 12 days, until ");
    }

    [Theory]
    [InlineData("en", "This license is locked. With the emergency code the software keeps running for 2 more days, until ",
        "This license is locked. With the emergency code the software keeps running until ")]
    [InlineData("de", "Diese Lizenz ist gesperrt. Mit dem Notfallcode läuft die Software noch 2 Tage, bis ",
        "Diese Lizenz ist gesperrt. Mit dem Notfallcode läuft die Software noch bis ")]
    public async Task VALID_GRACE_while_an_emergency_code_runs_and_LOCKED_ILLEGAL_after_72_hours(
        string language, string days, string lastDay)
    {
        var old = await portal.ActiveTillAsync("KASSE-ALT");
        await portal.StaffAsync(old, (license, activation) => license.ReleaseByStaff(activation, portal.Clock.Now).ShouldSucceed());
        var till = await portal.ActiveTillAsync("KASSE-NEU", key: old.Key);
        till.Language = language;
        await portal.StaffAsync(old, (license, activation) =>
        {
            for (var day = 0; day < 3; day++)
            {
                license.DetectConcurrentUse(activation, activation.HardwareCode, A.Staged, new(portal.Clock.Now, true, true),
                    $"F-80{language}", portal.Clock.Now.AddDays(day - 2)).ShouldNotBeNull();
            }
        });
        (await till.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);

        await portal.StaffAsync(
            old, (license, _) => license.GrantEmergency(null, A.Staged.Flag, portal.Clock.Now.AddSeconds(-1)).ShouldSucceed());

        var bridged = await till.CheckAsync();
        bridged.ShouldBe("VALID_GRACE", valid: true);
        bridged["message"]!.GetValue<string>().ShouldStartWith(days);
        bridged.Members.ShouldNotContain("caseNumber");
        portal.Clock.Advance(ListBlocked.CacheDuration);
        (await BlockedAsync())
            .ShouldSatisfyAllConditions(list => list.ShouldContain(old.Handle!), list => list.ShouldNotContain(till.Handle!));
        (await old.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);
        portal.Clock.Advance(TimeSpan.FromHours(71));
        (await till.CheckAsync())["message"]!.GetValue<string>().ShouldStartWith(lastDay);
        portal.Clock.Advance(TimeSpan.FromHours(1));
        (await till.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);
        (await BlockedAsync()).ShouldContain(till.Handle!);

        async Task<IEnumerable<string>> BlockedAsync() =>
            Blocklist.Read(await portal.Client.GetStringAsync("/api/v1/blocklist"), Keys).Claims!.Blocked.Select(b => b.Handle);
    }

    [Fact]
    public async Task EXPIRED_after_the_days_of_grace()
    {
        var till = await portal.ActiveTillAsync("KASSE-4", expires: portal.Clock.Now.AddDays(1));
        portal.Clock.Advance(TimeSpan.FromDays(15));

        (await till.CheckAsync()).ShouldBe("EXPIRED", valid: false);
    }

    [Fact]
    public async Task RELEASED_while_nobody_else_uses_the_seat()
    {
        var till = await portal.ActiveTillAsync("KASSE-5");
        (await till.ReleaseAsync()).Status.ShouldBe(200);

        var answer = await till.CheckAsync();

        answer.ShouldBe("RELEASED", valid: false);
        (await portal.LicenseOfAsync(till)).Flags.ShouldBeEmpty();
    }

    [Fact]
    public async Task RELEASED_STILL_USED_while_another_computer_has_the_seat()
    {
        var (old, taker) = await portal.ContradictionAsync(ApiPortal.Pos);

        (await old.CheckAsync()).ShouldBe("RELEASED_STILL_USED", valid: false)["message"]!.GetValue<string>()
            .ShouldContain("+49 30 0000000");

        (await portal.LicenseOfAsync(old)).Flags.ShouldHaveSingleItem().Stage.ShouldBe(FlagStage.Noticed);
        (await taker.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task LOCKED_ILLEGAL_names_the_case_in_the_words_for_the_program()
    {
        var (old, _) = await portal.ContradictionAsync(ApiPortal.Beam);
        old.Language = "de";

        var answer = await old.CheckAsync();

        answer.ShouldBe("LOCKED_ILLEGAL", valid: false);
        var number = answer["caseNumber"]!.GetValue<string>();
        number.ShouldStartWith("F-");
        answer["message"]!.GetValue<string>().ShouldBe(
            $"Ein PC hat diese Lizenz nach der Freigabe noch benutzt. Sagen Sie uns, was passiert ist, "
                + $"und nennen Sie den Vorgang {number}, oder rufen Sie uns an: +49 30 0000000");
    }

    [Fact]
    public async Task SUPERSEDED_by_a_newer_generation_and_seen_beside_it()
    {
        var old = await portal.ActiveTillAsync("KASSE-6");
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await using (var db = portal.Portal.Open())
        {
            // A transfer does this; its pages come later.
            await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlAsync(
                db.Database, $"UPDATE activation SET state = 'Superseded', ended_at = {portal.Clock.Now} WHERE handle = {old.Handle}");
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        (await old.CheckAsync()).ShouldBe("SUPERSEDED", valid: false);
        (await portal.LicenseOfAsync(old)).Flags.ShouldBeEmpty();
        await portal.ActiveTillAsync("KASSE-7", key: old.Key);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));

        (await old.CheckAsync()).ShouldBe("SUPERSEDED", valid: false);
        (await portal.LicenseOfAsync(old)).Flags.ShouldHaveSingleItem().Kind.ShouldBe(FlagKind.Sighting);
    }

    [Fact]
    public async Task HARDWARE_MISMATCH_on_another_computer()
    {
        var till = await portal.ActiveTillAsync("KASSE-8");
        till.HardwareCode = A.Hardware("ANOTHER").ToString();

        (await till.CheckAsync()).ShouldBe("HARDWARE_MISMATCH", valid: false);
    }

    [Theory]
    [InlineData("SUSPENDED")]
    [InlineData("REVOKED")]
    [InlineData("DEVICE_EXCLUDED")]
    public async Task What_staff_decided_is_said(string code)
    {
        var till = await portal.ActiveTillAsync("PC-" + code);
        await portal.StaffAsync(till, (license, activation) => _ = code switch
        {
            "SUSPENDED" => license.Suspend().Succeeded,
            "REVOKED" => license.Revoke(portal.Clock.Now).Succeeded,
            _ => license.Exclude(activation, new HardwarePolicy(), portal.Clock.Now).Succeeded,
        });

        var answer = await till.CheckAsync();

        answer.ShouldBe(code, valid: false);
        CheckInAnswer.Read(answer["answer"]!.GetValue<string>(), "PC-" + code + "-nonce-2",
            Keys).Claims.ShouldNotBeNull().Valid.ShouldBeFalse();
    }

    [Fact]
    public async Task The_first_of_several_reasons_is_said()
    {
        var till = await portal.ActiveTillAsync("KASSE-9");
        await portal.StaffAsync(till, (license, activation) =>
        {
            license.Suspend();
            license.Exclude(activation, new HardwarePolicy(), portal.Clock.Now);
        });
        till.HardwareCode = A.Hardware("ANOTHER").ToString();

        (await till.CheckAsync()).ShouldBe("DEVICE_EXCLUDED", valid: false);
    }

    [Fact]
    public async Task An_unknown_handle_and_a_wrong_proof_are_one_answer()
    {
        var till = await portal.ActiveTillAsync("KASSE-10");
        var forged = till.CheckBody();
        forged["mac"] = new string('0', 64);
        var other = till.CheckBody();
        var another = till.Proven("release");
        another["hardwareCode"] = till.HardwareCode;

        var wrong = await till.SendAsync($"activations/{till.Handle}/check", forged);
        var unknown = await till.SendAsync("activations/0000000000000/check", other);
        var noHandle = await till.SendAsync("activations/x/check", other);
        var foreignPurpose = await till.SendAsync($"activations/{till.Handle}/check", another);

        wrong.ShouldBeProblem(404, "UNKNOWN_ACTIVATION");
        unknown.ShouldBeProblem(404, "UNKNOWN_ACTIVATION");
        unknown.Text.ShouldBe(wrong.Text);
        noHandle.Text.ShouldBe(wrong.Text);
        foreignPurpose.Text.ShouldBe(wrong.Text);
    }

    [Fact]
    public async Task Another_generation_is_unknown()
    {
        var till = await portal.ActiveTillAsync("KASSE-11");
        till.Generation = 2;

        (await till.CheckAsync()).ShouldBeProblem(404, "UNKNOWN_ACTIVATION");
    }

    [Theory]
    [InlineData(-601)]
    [InlineData(601)]
    [InlineData(-2 * 365 * 86400)]
    [InlineData(2 * 365 * 86400)]
    public async Task A_clock_that_is_off_is_told_the_time_before_the_handle_is_looked_at(int seconds)
    {
        var till = await portal.ActiveTillAsync($"KASSE-{seconds}");
        till.ClockIsOff = TimeSpan.FromSeconds(seconds);
        var known = await till.CheckAsync();
        till.Handle = "0000000000000";
        var unknown = await till.CheckAsync();

        known.ShouldBeProblem(400, "CLOCK_SKEW")["serverTime"]!.GetValue<DateTimeOffset>().ShouldBe(portal.Clock.Now);
        unknown.Text.ShouldBe(known.Text);
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Ten_minutes_are_near_enough(int seconds)
    {
        var till = await portal.ActiveTillAsync($"PC-{seconds}");
        till.ClockIsOff = TimeSpan.FromSeconds(seconds);

        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    public static TheoryData<string, JsonNode?, string, string> BadFields => new()
    {
        { "generation", null, "INVALID_REQUEST", "The field generation is missing" },
        { "ts", null, "INVALID_REQUEST", "The field ts is missing" },
        { "mac", null, "INVALID_REQUEST", "The field mac is missing" },
        { "nonce", null, "INVALID_REQUEST", "The field nonce has 8 to 128 printable ASCII characters" },
        { "nonce", "short", "INVALID_REQUEST", "The field nonce has 8 to 128 printable ASCII characters" },
        { "appVersion", new string('1', 51), "INVALID_REQUEST", "The field appVersion has more than 50 characters" },
        { "hardwareCode", null, "INVALID_HARDWARE_CODE", "The field hardwareCode is missing" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_field_that_cannot_be_read_is_named(string field, JsonNode? value, string code, string detail)
    {
        var till = await portal.ActiveTillAsync("KASSE-12");
        var body = till.CheckBody();
        body[field] = value?.DeepClone();

        var answer = await till.SendAsync($"activations/{till.Handle}/check", body);

        answer.ShouldBeProblem(400, code)["detail"]!.GetValue<string>().ShouldBe(detail);
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var till = await portal.ActiveTillAsync("KASSE-13");
        var body = till.CheckBody();
        body["valid"] = true;
        body["plugins"] = new JsonArray("a", "b");

        (await till.SendAsync($"activations/{till.Handle}/check", body)).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task A_handle_may_be_written_in_lower_case()
    {
        var till = await portal.ActiveTillAsync("KASSE-14");

        (await till.SendAsync($"activations/{till.Handle!.ToLowerInvariant()}/check", till.CheckBody())).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task A_restored_computer_gets_its_new_license_at_the_next_check_in()
    {
        var till = await portal.ActiveTillAsync("KASSE-15");
        var maker = portal.Portal.Services.GetRequiredService<ActivationSecretsFactory>();
        await portal.StaffAsync(till, (license, activation) => license.ReleaseByStaff(activation, portal.Clock.Now));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.StaffAsync(
            till, (license, activation) =>
                license.Object(activation, "not me", "F-9" + Random(5), maker.Make(), new HardwarePolicy(), portal.Clock.Now));

        var answer = await till.CheckAsync();

        answer.ShouldBe("VALID", valid: true);
        var file = LicenseFile.Read(answer["license"]!.GetValue<string>(), Keys).Claims.ShouldNotBeNull();
        file.Generation.ShouldBe(2);
        file.Handle.ShouldNotBe(till.Handle);
        (till.Handle, till.Generation, till.Secret) = (file.Handle, file.Generation, file.ReleaseSecret);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    private static string Random(int digits) =>
        new Seeded().Below((int)Math.Pow(10, digits)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
