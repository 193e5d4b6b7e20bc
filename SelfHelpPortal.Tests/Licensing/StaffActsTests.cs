using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

public class StaffActsTests
{
    [Fact]
    public void Excluding_a_former_activation_bans_the_computer_wherever_it_is_now_and_keeps_how_it_ended()
    {
        var scene = A.License(seats: 2);
        var former = scene.Activate("pc");
        scene.AfterHours(1).Release("pc");
        var ended = scene.Now;
        var current = scene.AfterHours(1).Activate("pc");
        scene.Activate("other");

        scene.AfterHours(1);
        scene.License.Exclude(former, scene.Policies.Hardware, scene.Now).ShouldSucceed().ShouldBe([former, current]);

        scene.CheckIn(former).ShouldBe(CheckInCode.DeviceExcluded);
        scene.CheckIn(current).ShouldBe(CheckInCode.DeviceExcluded);
        scene.CheckIn("other").ShouldBe(CheckInCode.Valid);
        (former.EndedAt, former.ReleasedBy).ShouldBe((ended, ReleaseMethod.ActivationKey));
        current.EndedAt.ShouldBe(scene.Now);
        scene.TryActivate("pc").ShouldBeRefused(Refusal.DeviceExcluded);
    }
}
