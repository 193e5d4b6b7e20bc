using System.Text.Json.Nodes;
using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

/// <summary>The demo products ask every 7 days and grant 14 more.</summary>
public class CheckInTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task The_next_moment_is_somewhere_within_the_interval()
    {
        using var pc = await ActiveAsync();
        var moments = new List<TimeSpan>();
        for (var i = 0; i < 40; i++)
        {
            (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
            moments.Add(pc.Status.NextCheckIn!.Value - portal.Clock.Now);
        }

        moments.ShouldAllBe(moment => moment > TimeSpan.Zero && moment <= 7 * Day);
        moments.Distinct().Count().ShouldBeGreaterThan(20);
        moments.Max().ShouldBeGreaterThan(moments.Min() + Day);
    }

    [Fact]
    public async Task Without_a_connection_it_goes_on_for_the_grace_days_and_then_stops_until_it_is_heard()
    {
        using var pc = await ActiveAsync();
        pc.Wire.IsCut = true;

        pc.ClockIsOff = 8 * Day;
        (await pc.Client.CheckInAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);
        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.CheckInDue).UsableUntil.ShouldBe(portal.Clock.Now + (21 * Day));
        pc.ClockIsOff = (21 * Day) - TimeSpan.FromMinutes(1);
        pc.Status.IsUsable.ShouldBeTrue();

        pc.ClockIsOff = 21 * Day;
        pc.Restart().Status.ShouldBe(LicenseCondition.OutOfTouch, LicenseCodes.OutOfTouch).IsUsable.ShouldBeFalse();
        (await pc.Client.CheckInAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);

        // Heard again; that its clock is three weeks ahead of the portal's is no reason to fail.
        pc.Wire.IsCut = false;
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        pc.Told.ShouldBe(["warn CHECK_IN_DUE"]);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_noticed_and_wins_no_time()
    {
        using var pc = await ActiveAsync();
        pc.Wire.IsCut = true;
        pc.ClockIsOff = 20 * Day;
        await pc.Client.CheckInAsync();

        pc.ClockIsOff = Day;
        (await pc.Client.CheckInAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);
        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.ClockSetBack);
        pc.ClockIsOff = 2 * Day;
        pc.Restart().Status.ShouldBe(LicenseCondition.OutOfTouch, LicenseCodes.OutOfTouch);

        pc.Wire.IsCut = false;
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task A_clock_that_is_right_again_counts_again()
    {
        using var pc = await ActiveAsync();
        pc.Wire.IsCut = true;
        pc.ClockIsOff = 2 * Day;
        await pc.Client.CheckInAsync();
        pc.ClockIsOff = -300 * Day;
        await pc.Client.CheckInAsync();
        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.ClockSetBack);

        pc.ClockIsOff = 3 * Day;
        await pc.Client.CheckInAsync();

        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid).UsableUntil.ShouldBe(portal.Clock.Now + (21 * Day));
    }

    [Fact]
    public async Task A_release_elsewhere_takes_the_license_away_with_the_portals_words()
    {
        using var pc = await ActiveAsync();
        var file = pc.State.License!;
        await portal.ReleaseByKeyAsync(pc);

        (await pc.Client.CheckInAsync()).ShouldBe("RELEASED", succeeded: false);

        pc.Restart().Status.ShouldBe(LicenseCondition.NoLicense, "RELEASED").Message.ShouldNotBeNullOrEmpty();
        pc.Told.ShouldBe(["released RELEASED"]);
        pc.Client.ImportLicense(file).ShouldBe(LicenseCodes.AlreadyReleased, succeeded: false);
        (await pc.Client.ActivateAsync()).ShouldBe("VALID", succeeded: true);
        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task A_dead_PC_that_comes_back_is_locked_and_the_new_one_goes_on_when_staff_unlock()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var old = await new LicensedPc(portal, "ALT", language: "de").ActivatedAsync(key);
        await portal.ReleaseByKeyAsync(old);
        using var next = await new LicensedPc(portal, "NEU").ActivatedAsync(key);

        (await old.Client.CheckInAsync()).ShouldBe("LOCKED_ILLEGAL", succeeded: false);
        var note = old.Restart().Status.ShouldBe(LicenseCondition.Locked, "LOCKED_ILLEGAL");
        note.CaseNumber!.ShouldStartWith("F-");
        note.Message!.ShouldContain("Ein PC hat diese Lizenz nach der Freigabe noch benutzt");
        note.Message!.ShouldContain(note.CaseNumber);
        (await next.Client.CheckInAsync()).ShouldBe("LOCKED_ILLEGAL", succeeded: false);
        next.Status.IsUsable.ShouldBeFalse();
        next.Told.ShouldBe(["locked LOCKED_ILLEGAL"]);

        await portal.ChangeAsync(
            next, license => license.Unlock(license.OpenFlag(FlagKind.Sighting)!, portal.Clock.Now).Succeeded.ShouldBeTrue());
        (await next.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        next.Status.IsUsable.ShouldBeTrue();
        (await old.Client.CheckInAsync()).ShouldBe("LOCKED_ILLEGAL", succeeded: false);
    }

    [Fact]
    public async Task The_loop_asks_when_it_is_time_and_tells_what_came_of_it()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var old = await new LicensedPc(portal, "ALT").ActivatedAsync(key);
        await portal.ReleaseByKeyAsync(old);
        using var next = await new LicensedPc(portal, "NEU").ActivatedAsync(key);
        var asked = 0;
        next.Wire.Change = (_, answer) =>
        {
            asked++;
            return answer;
        };
        using var stop = new CancellationTokenSource();

        old.ClockIsOff = 8 * Day;
        Task[] loops = [old.Client.RunCheckInsAsync(stop.Token), next.Client.RunCheckInsAsync(stop.Token)];
        await Eventually.BecomesTrueAsync(() => old.Status.Code == "LOCKED_ILLEGAL");
        await stop.CancelAsync();

        foreach (var loop in loops)
        {
            await Should.ThrowAsync<OperationCanceledException>(loop);
        }

        old.Told.ShouldBe(["locked LOCKED_ILLEGAL"]);
        asked.ShouldBe(0, "its moment had not come");
    }

    [Fact]
    public async Task A_suspended_license_stops_and_goes_on()
    {
        using var pc = await ActiveAsync();
        await portal.ChangeAsync(pc, license => license.Suspend().Succeeded.ShouldBeTrue());
        await pc.Client.CheckInAsync();
        pc.Status.ShouldBe(LicenseCondition.Blocked, "SUSPENDED").Message.ShouldNotBeNullOrEmpty();

        await portal.ChangeAsync(pc, license => license.Resume().Succeeded.ShouldBeTrue());
        await pc.Client.CheckInAsync();
        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task A_limited_license_ends_after_its_grace_days_also_offline()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam, expires: portal.Clock.Now + (3 * Day));
        using var pc = await new LicensedPc(portal, "MIETE").ActivatedAsync(key);
        pc.Wire.IsCut = true;

        pc.ClockIsOff = 4 * Day;
        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.EndsSoon).UsableUntil.ShouldBe(portal.Clock.Now + (17 * Day));
        pc.ClockIsOff = 17 * Day;
        pc.Status.ShouldBe(LicenseCondition.Expired, "EXPIRED");

        // Looking was enough to note the time.
        pc.ClockIsOff = TimeSpan.Zero;
        pc.Restart().Status.ShouldBe(LicenseCondition.Expired, "EXPIRED");
    }

    [Fact]
    public async Task An_old_answer_is_not_believed()
    {
        using var pc = await ActiveAsync();
        string? good = null;
        pc.Wire.Change = (_, answer) => good ??= answer;
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        await portal.ReleaseByKeyAsync(pc);

        (await pc.Client.CheckInAsync()).ShouldBe(LicenseCodes.BadAnswer, succeeded: false);

        pc.Wire.Change = null;
        (await pc.Client.CheckInAsync()).ShouldBe("RELEASED", succeeded: false);
    }

    [Fact]
    public async Task Another_portal_is_not_believed_and_grace_runs_out()
    {
        using var pc = await ActiveAsync();
        using var foreign = Es256Key.Create(SignaturePurpose.Answer);
        pc.Wire.Change = (_, answer) =>
        {
            var body = JsonNode.Parse(answer)!;
            if (body["answer"] is null)
            {
                return answer;
            }

            var payload = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(body["answer"]!.GetValue<string>().Split('.')[1]))!;
            body["answer"] = new CheckInAnswer(payload["nonce"]!.GetValue<string>(), portal.Clock.Now, payload["act"]!.GetValue<string>(),
                1, true, "VALID").Write(foreign);
            return body.ToJsonString();
        };
        (await pc.Client.CheckInAsync()).ShouldBe(LicenseCodes.BadAnswer, succeeded: false);
        pc.Status.IsUsable.ShouldBeTrue();

        pc.ClockIsOff = 21 * Day;
        (await pc.Client.CheckInAsync()).Succeeded.ShouldBeFalse();
        pc.Status.ShouldBe(LicenseCondition.OutOfTouch, LicenseCodes.OutOfTouch);
    }

    [Theory]
    [InlineData("""{"code":"VALID","valid":true}""")]
    [InlineData("""{"code":"RELEASED","valid":false,"answer":"e30.e30.e30"}""")]
    [InlineData("<html>Please sign in to the hotel's network</html>")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Whoever_else_answers_changes_nothing(string answer)
    {
        using var pc = await ActiveAsync();
        pc.Wire.Change = (_, _) => answer;

        (await pc.Client.CheckInAsync()).Succeeded.ShouldBeFalse();

        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
}
