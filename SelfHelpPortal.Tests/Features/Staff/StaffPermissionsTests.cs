using System.Reflection;
using SelfHelpPortal.Account;
using SelfHelpPortal.Features.Staff;

namespace SelfHelpPortal.Tests.Features.Staff;

public class StaffPermissionsTests
{
    [Fact]
    public void Every_use_case_of_staff_has_a_line_in_the_table()
    {
        var useCases = UseCases(typeof(StaffPermissions).Assembly.GetTypes()).ToList();

        useCases.Count.ShouldBeGreaterThanOrEqualTo(11);
        useCases.Where(type => !StaffPermissions.Knows(type)).ShouldBeEmpty();
        useCases.ShouldAllBe(type => StaffPermissions.Of(type).Length > 0 && StaffPermissions.Of(type).All(StaffRoles.All.Contains));
    }

    [Fact]
    public void A_use_case_without_a_line_is_found_and_refused()
    {
        UseCases([typeof(Forgotten), typeof(ForgottenRead), typeof(StaffPermissionsTests)]).ShouldBe([typeof(Forgotten), typeof(ForgottenRead)]);
        StaffPermissions.Knows(typeof(Forgotten)).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => StaffPermissions.Of(typeof(Forgotten))).Message.ShouldContain("Forgotten");
    }

    /// <summary>Whatever is executed for somebody of staff: an act carries its actor, a read has one.</summary>
    private static IEnumerable<Type> UseCases(IEnumerable<Type> types) => types.Where(type => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Any(method => method.Name == "ExecuteAsync" && method.GetParameters().Any(p => p.ParameterType == typeof(StaffAct) || p.ParameterType == typeof(StaffActor))));

    private sealed class Forgotten
    {
        public Task ExecuteAsync(StaffAct act) => Task.FromResult(act);
    }

    private sealed class ForgottenRead
    {
        public Task ExecuteAsync(StaffActor actor) => Task.FromResult(actor);
    }
}
