using System.Reflection;
using SelfHelpPortal.Account;
using SelfHelpPortal.Features.Customer.My;

namespace SelfHelpPortal.Tests.Features.My;

public class CustomerPermissionsTests
{
    [Fact]
    public void Every_use_case_of_signed_in_customers_has_a_line_in_the_table() =>
        UseCases(typeof(CustomerPermissions).Assembly.GetTypes()).Where(type => !CustomerPermissions.Knows(type)).ShouldBeEmpty();

    [Fact]
    public void A_use_case_without_a_line_is_found_and_refused()
    {
        UseCases([typeof(Forgotten), typeof(ForgottenRead), typeof(CustomerPermissionsTests)]).ShouldBe([typeof(Forgotten), typeof(ForgottenRead)]);
        Should.Throw<InvalidOperationException>(() => CustomerPermissions.Of(typeof(Forgotten))).Message.ShouldContain("Forgotten");
    }

    /// <summary>Whatever is executed for a signed-in customer: an act carries its actor, a read has one.</summary>
    private static IEnumerable<Type> UseCases(IEnumerable<Type> types) => types.Where(type => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Any(method => method.Name == "ExecuteAsync" && method.GetParameters().Any(p => p.ParameterType == typeof(CustomerAct) || p.ParameterType == typeof(CustomerActor))));

    private sealed class Forgotten
    {
        public Task ExecuteAsync(CustomerAct act) => Task.FromResult(act);
    }

    private sealed class ForgottenRead
    {
        public Task ExecuteAsync(CustomerActor actor) => Task.FromResult(actor);
    }
}
