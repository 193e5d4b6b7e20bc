using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>The false-flag rule (security.md section 13) and what follows a proven contradiction (domain.md, FlagPolicy).</summary>
public class SightingTests
{
    [Fact]
    public void A_released_computer_whose_seat_is_free_is_only_told_so()
    {
        foreach (var policies in new[] { A.Strict, A.Staged })
        {
            var scene = A.License(policies: policies);
            scene.Activate("old");
            scene.AfterHours(1).Release("old");

            scene.AfterDays(3).CheckIn("old").ShouldBe(CheckInCode.Released);
            scene.License.Flags.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_check_in_signed_before_the_release_reached_us_proves_nothing()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");

        scene.See("old", signedAt: scene.Last("old").EndedAt!.Value.AddSeconds(-1)).ShouldBeNull();
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.See("old", signedAt: scene.Last("old").EndedAt!.Value.AddSeconds(1)).ShouldNotBeNull();
        scene.License.State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public void The_second_of_the_release_counts_as_after_it_because_signatures_tell_whole_seconds()
    {
        var scene = A.License(policies: A.Strict);
        scene.Activate("old");
        scene.After(TimeSpan.FromMilliseconds(500)).Release("old");
        scene.After(TimeSpan.FromMilliseconds(100)).Activate("new");
        scene.After(TimeSpan.FromMilliseconds(100));

        scene.See("old", signedAt: DateTimeOffset.FromUnixTimeSeconds(scene.Now.ToUnixTimeSeconds())).ShouldNotBeNull();
    }

    [Fact]
    public void A_computer_that_came_back_is_no_second_user_even_on_another_seat()
    {
        var scene = A.License(seats: 2, policies: A.Strict);
        var before = scene.Activate("pc");
        scene.Activate("second");
        scene.AfterHours(1).Release("pc");
        scene.AfterHours(1).Activate("third").Seat.ShouldBe(before.Seat);
        scene.AfterHours(1).Release("second");
        scene.AfterHours(1).Activate("pc").Seat.ShouldNotBe(before.Seat);

        // A restored image brings the old handle back.
        scene.AfterHours(1).CheckIn(before).ShouldBe(CheckInCode.Released);
        scene.License.State.ShouldBe(LicenseState.Active);
    }
}
