using System.Reflection;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Tests.Features.My;

public class CustomerPermissionsTests
{
    [Fact]
    public void Every_use_case_of_signed_in_customers_says_whom_it_lets_in() =>
        UseCases(typeof(CustomerActor).Assembly.GetTypes()).Where(type => !Says(type)).ShouldBeEmpty();

    [Fact]
    public void A_use_case_that_does_not_say_it_is_found_and_refused()
    {
        UseCases([typeof(Forgotten), typeof(ForgottenRead), typeof(CustomerPermissionsTests)])
            .ShouldBe([typeof(Forgotten), typeof(ForgottenRead)]);
        Should.Throw<InvalidOperationException>(() => CustomerUseCaseAttribute.RoleOf<Forgotten>()).Message.ShouldContain("Forgotten");
    }

    private static bool Says(Type type) =>
        type.GetCustomAttribute<CustomerUseCaseAttribute>() is not null
            || type.GetCustomAttribute<OwnAccountUseCaseAttribute>() is not null;

    /// <summary>Whatever is executed for a signed-in customer: an act carries its actor, a read has one.</summary>
    private static IEnumerable<Type> UseCases(IEnumerable<Type> types) => types.Where(type => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Any(method => method.Name == "ExecuteAsync"
            && method.GetParameters().Any(p => p.ParameterType == typeof(CustomerAct) || p.ParameterType == typeof(CustomerActor))));

    private sealed class Forgotten
    {
        public Task ExecuteAsync(CustomerAct act) => Task.FromResult(act);
    }

    private sealed class ForgottenRead
    {
        public Task ExecuteAsync(CustomerActor actor) => Task.FromResult(actor);
    }
}
