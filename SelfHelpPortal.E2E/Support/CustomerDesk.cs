using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.E2E.Support;

/// <summary>What a signed-in customer does in the browser.</summary>
internal static class CustomerDesk
{
    public const string Password = "sieben Schwäne überm Deich";

    /// <summary>Opens an account for the license's customer, without going through the pages, and returns its address.</summary>
    public static async Task<string> OpenAccountAsync(RunningPortal portal, string licenseNumber, CustomerRole role = CustomerRole.Owner)
    {
        await using var scope = portal.Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var now = TimeProvider.System.GetUtcNow();
        var email = $"{role}-{licenseNumber}@muster-technik.example".ToLowerInvariant();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(),
            UserName = email,
            Email = email,
            EmailConfirmed = true,
            DisplayName = "Einkauf",
            CreatedAt = now
        };
        (await users.CreateAsync(user, Password)).Errors.ShouldBeEmpty();
        await using var db = portal.Portal.Open();
        var customer = await db.Licenses.Where(l => l.Number == licenseNumber).Select(l => l.CustomerId).SingleAsync();
        db.Add(new CustomerMember { CustomerId = customer, UserId = user.Id, Role = role, Since = now });
        await db.SaveChangesAsync();
        return email;
    }

    /// <summary>On the sign-in page, by password.</summary>
    public static async Task SignInAsync(IPage page, string email)
    {
        await page.FillAsync("[name=Email]", email);
        await page.FillAsync("[name=Password]", Password);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Anmelden|Sign in)$") }).ClickAsync();
    }
}
