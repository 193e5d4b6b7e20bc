using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Who gets which seat (domain.md, rules 1 and 3).</summary>
public class SeatTests
{
    [Fact]
    public void The_generations_of_a_seat_keep_their_order_when_the_clock_is_set_back_or_stands()
    {
        var scene = A.License();
        foreach (var (pc, minutes) in new[] { ("a", 0), ("b", 0), ("c", -30), ("d", -30), ("e", 90) })
        {
            scene.After(TimeSpan.FromMinutes(minutes)).Activate(pc);
            scene.Release(pc);
        }

        scene.License.Activations.OrderBy(a => a.ActivatedAt).Select(a => (a.PcName, a.Generation))
            .ShouldBe([("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]);
    }

    [Fact]
    public void Activating_again_learns_an_exchanged_part_and_forgets_none_that_could_not_be_read()
    {
        var scene = A.License();
        var activation = scene.Activate("pc");

        scene.TryActivate("pc", A.Hardware("pc", absent: 3)).ShouldSucceed().IsNew.ShouldBeFalse();
        activation.HardwareCode.ShouldBe(A.Hardware("pc"));
        scene.TryActivate("pc", A.Hardware("pc", changed: 1)).ShouldSucceed().IsNew.ShouldBeFalse();
        activation.HardwareCode.ShouldBe(A.Hardware("pc", changed: 1));
    }
}
