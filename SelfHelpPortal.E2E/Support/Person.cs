using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.E2E.Support;

/// <summary>A customer's account with a password, made without going through the pages.</summary>
internal sealed record Person(Guid Id, string Email)
{
    public const string Password = "sieben Schwäne überm Deich";

    public static async Task<Person> CreateAsync(RunningPortal portal, string email)
    {
        await using var scope = portal.Portal.Services.CreateAsyncScope();
        var now = TimeProvider.System.GetUtcNow();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            UserName = email,
            Email = email,
            EmailConfirmed = true,
            DisplayName = "Erika Muster",
            CreatedAt = now
        };
        (await scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>().CreateAsync(user, Password)).Errors.ShouldBeEmpty();
        return new Person(user.Id, email);
    }
}
