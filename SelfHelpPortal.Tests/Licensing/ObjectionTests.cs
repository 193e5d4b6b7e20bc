using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>"This was not me" (flows.md, /object).</summary>
public class ObjectionTests
{
    [Fact]
    public void A_computer_that_came_back_by_itself_gets_no_second_seat()
    {
        var scene = A.License(seats: 2);
        var taken = scene.Activate("pc");
        scene.Activate("second");
        scene.AfterHours(1).Release("pc");
        scene.AfterHours(1).Activate("thief");
        scene.AfterHours(1).Release("second");
        scene.AfterHours(1).Activate("pc");
        scene.AfterHours(1).Release("thief");

        scene.Object(taken).Restored.ShouldBeNull();
        scene.License.ActiveComputers.Count().ShouldBe(1);
    }

    [Fact]
    public void A_computer_that_is_locked_or_banned_is_not_brought_back()
    {
        // Locked by the stage of a case, although the seat is free again.
        var locked = A.License().Replaced("old", by: "new");
        locked.CheckIn("old");
        locked.AfterHours(25).CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
        locked.Release("new");
        locked.Object("old").Restored.ShouldBeNull();

        // The same after staff have resolved that case.
        locked.License.Unlock(locked.License.OpenFlag(FlagKind.Sighting)!, locked.Now).ShouldSucceed();
        locked.Object("old").Restored.ShouldBeNull();

        // Banned by another of its activations.
        var banned = A.License(seats: 2);
        var first = banned.Activate("pc");
        banned.Release("pc");
        var second = banned.AfterHours(1).Activate("pc");
        banned.Release("pc");
        banned.License.Exclude(first, banned.Policies.Hardware, banned.Now).ShouldSucceed();
        banned.Object(second).Restored.ShouldBeNull();
    }
}
