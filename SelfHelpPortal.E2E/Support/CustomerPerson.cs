using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SelfHelpPortal.Data.Accounts;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Support;

/// <summary>An owner of a customer, who signs in by the page.</summary>
internal static class CustomerPerson
{
    private const string Password = "sieben Schwäne überm Deich";

    /// <returns>The customer.</returns>
    public static async Task<Guid> CreateAsync(RunningPortal portal, string licenseNumber, string email)
    {
        await using var scope = portal.Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(),
            UserName = email,
            Email = email,
            EmailConfirmed = true,
            DisplayName = "Muster Technik",
            CreatedAt = DateTimeOffset.UnixEpoch
        };
        (await users.CreateAsync(user, Password)).Succeeded.ShouldBeTrue();
        await using var db = portal.Portal.Open();
        var customer = await db.Licenses.Where(l => l.Number == licenseNumber).Select(l => l.CustomerId).SingleAsync();
        db.Add(new CustomerMember { CustomerId = customer, UserId = user.Id, Role = CustomerRole.Owner, Since = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync();
        return customer;
    }

    /// <summary>Whoever wants to /my is asked and comes back there.</summary>
    public static async Task SignInAsync(IPage page, string email)
    {
        await page.GotoAsync("/my");
        await page.FillAsync("[name=Email]", email);
        await page.FillAsync("[name=Password]", Password);
        await page.Locator("main form:has([name=Password]) button").ClickAsync();
        await Expect(page.Locator("[data-outcome=licenses]")).ToBeVisibleAsync();
    }
}
