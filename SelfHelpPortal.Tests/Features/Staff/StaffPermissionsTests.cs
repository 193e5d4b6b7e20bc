using System.Reflection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Tests.Features.Staff;

public class StaffPermissionsTests
{
    /// <summary>Whatever their class is called one day: who builds them is reminded.</summary>
    private static readonly string[] AlwaysFresh = ["Export", "Change", "Rotate", "Revoke"];

    [Fact]
    public void Every_use_case_of_staff_says_whom_it_lets_in()
    {
        var useCases = UseCases(typeof(StaffActor).Assembly.GetTypes()).ToList();

        useCases.Count.ShouldBeGreaterThanOrEqualTo(36);
        useCases.Where(type => type.GetCustomAttribute<StaffUseCaseAttribute>() is null).ShouldBeEmpty();
        useCases.ShouldAllBe(type => StaffPermission.For(type).Roles.Length > 0
            && StaffPermission.For(type).Roles.All(StaffRoles.All.Contains));
    }

    [Fact]
    public void A_use_case_that_does_not_say_it_is_found_and_refused()
    {
        UseCases([typeof(Forgotten), typeof(ForgottenRead), typeof(StaffPermissionsTests)])
            .ShouldBe([typeof(Forgotten), typeof(ForgottenRead)]);
        Should.Throw<InvalidOperationException>(() => StaffPermission.For(typeof(Forgotten))).Message.ShouldContain("Forgotten");
    }

    [Fact]
    public void Acts_that_weigh_much_need_a_fresh_factor()
    {
        Fresh().ShouldBe(["RequestExclusion", "ApproveExclusion", "UnlockAndExclude", "RequestIncident", "ApproveIncident",
            "RevokeLicense", "ExportInvoices", "CancelInvoice", "ExportAudit",
            "InviteStaff", "SendInvitation", "ChangeStaffRole", "DisableStaff", "EnableStaff", "RequestReset", "ApproveReset",
            "DeclineReset", "SaveVendor", "SaveProduct", "SetPrice", "EndPrice", "TakeBackPrice", "SetTaxRate", "TakeBackTaxRate",
            "SaveMailText", "AddLicense", "StartImport", "WriteImportList", "ReadKeyCard", "CreateToken", "RevokeToken",
            "CreateWebhook", "EditWebhook", "RotateWebhookSecret", "DisableWebhook", "EnableWebhook", "RemoveWebhook",
            "ChangeCustomerMail", "MergeCustomers", "CreateCalendarFeed", "SettleOwnerChange",
            "ReadOwnerDocument"],
            ignoreOrder: true);
        WithoutFactor(UseCases(typeof(StaffActor).Assembly.GetTypes())).ShouldBeEmpty();
        WithoutFactor([typeof(ChangeSettings)]).ShouldBe([typeof(ChangeSettings)]);
    }

    /// <summary>The names of the use cases that ask for a fresh factor.</summary>
    internal static IEnumerable<string> Fresh() =>
        UseCaseAttribute.All().Where(type => type.GetCustomAttribute<StaffUseCaseAttribute>() is { Fresh: true }).Select(type => type.Name);

    private static IEnumerable<Type> WithoutFactor(IEnumerable<Type> useCases) =>
        useCases.Where(type => AlwaysFresh.Any(verb => type.Name.StartsWith(verb, StringComparison.Ordinal))
            && !StaffPermission.For(type).Fresh);

    /// <summary>Whatever is executed for somebody of staff: an act carries its actor, a read has one.</summary>
    private static IEnumerable<Type> UseCases(IEnumerable<Type> types) => types.Where(type => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Any(method => method.Name == "ExecuteAsync"
            && method.GetParameters().Any(p => p.ParameterType == typeof(StaffAct) || p.ParameterType == typeof(StaffActor))));

    [StaffUseCase(StaffWork.Administration)]
    private sealed class ChangeSettings;

    private sealed class Forgotten
    {
        public Task ExecuteAsync(StaffAct act) => Task.FromResult(act);
    }

    private sealed class ForgottenRead
    {
        public Task ExecuteAsync(StaffActor actor) => Task.FromResult(actor);
    }
}
