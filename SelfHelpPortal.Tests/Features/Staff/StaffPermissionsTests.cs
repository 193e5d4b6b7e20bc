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
        useCases.ShouldAllBe(type => StaffPermissions.Of(type).Roles.Length > 0 && StaffPermissions.Of(type).Roles.All(StaffRoles.All.Contains));
    }

    [Fact]
    public void A_use_case_without_a_line_is_found_and_refused()
    {
        UseCases([typeof(Forgotten), typeof(ForgottenRead), typeof(StaffPermissionsTests)]).ShouldBe([typeof(Forgotten), typeof(ForgottenRead)]);
        StaffPermissions.Knows(typeof(Forgotten)).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => StaffPermissions.Of(typeof(Forgotten))).Message.ShouldContain("Forgotten");
    }

    [Fact]
    public void Acts_that_weigh_much_need_a_fresh_factor()
    {
        StaffPermissions.UseCases.Where(type => StaffPermissions.Of(type).Fresh).Select(type => type.Name)
            .ShouldBe(["RequestExclusion", "ApproveExclusion", "RevokeLicense", "ExportInvoices", "CancelInvoice", "ExportAudit"], ignoreOrder: true);
        UseCases(typeof(StaffPermissions).Assembly.GetTypes()).Where(type => type.Name.StartsWith("Export", StringComparison.Ordinal)).ShouldAllBe(type => StaffPermissions.Of(type).Fresh);
    }

    /// <summary>Nobody has to think of it on the day: the line is there before the class.</summary>
    [Theory]
    [InlineData(typeof(UnlockInBulk))]
    [InlineData(typeof(ChangeStaffAccount))]
    [InlineData(typeof(ChangeSettings))]
    [InlineData(typeof(RotateKeys))]
    public void An_act_that_is_planned_is_bound_before_it_is_built(Type useCase) => StaffPermissions.Of(useCase).Fresh.ShouldBeTrue();

    /// <summary>Whatever is executed for somebody of staff: an act carries its actor, a read has one.</summary>
    private static IEnumerable<Type> UseCases(IEnumerable<Type> types) => types.Where(type => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Any(method => method.Name == "ExecuteAsync" && method.GetParameters().Any(p => p.ParameterType == typeof(StaffAct) || p.ParameterType == typeof(StaffActor))));

    private sealed class UnlockInBulk;

    private sealed class ChangeStaffAccount;

    private sealed class ChangeSettings;

    private sealed class RotateKeys;

    private sealed class Forgotten
    {
        public Task ExecuteAsync(StaffAct act) => Task.FromResult(act);
    }

    private sealed class ForgottenRead
    {
        public Task ExecuteAsync(StaffActor actor) => Task.FromResult(actor);
    }
}
