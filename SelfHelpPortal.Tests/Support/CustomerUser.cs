using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A customer's account, made without going through the pages.</summary>
internal sealed record CustomerUser(PortalFactory Portal, Guid Id, string Email)
{
    public const string Password = "sieben Schwäne überm Deich";

    private static int _count = Serial.Start;

    /// <param name="customer">Null: an account that belongs to nobody yet.</param>
    public static async Task<CustomerUser> CreateAsync(PortalFactory portal, Guid? customer, CustomerRole role = CustomerRole.Owner)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var number = Interlocked.Increment(ref _count);
        var email = $"person{number}@muster-gastro.example";
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(),
            UserName = email,
            Email = email,
            EmailConfirmed = true,
            DisplayName = $"Person {number}",
            CreatedAt = portal.Clock.Now,
        };
        (await users.CreateAsync(user, Password)).Errors.ShouldBeEmpty();
        if (customer is { } id)
        {
            await using var db = portal.Open();
            db.Add(new CustomerMember { CustomerId = id, UserId = user.Id, Role = role, Since = portal.Clock.Now });
            await db.SaveChangesAsync();
        }

        return new CustomerUser(portal, user.Id, email);
    }

    /// <summary>Somebody of the license's customer.</summary>
    public static async Task<CustomerUser> CreateAsync(SampleLicense license, CustomerRole role = CustomerRole.Owner)
    {
        await using var db = license.Portal.Open();
        return await CreateAsync(
            license.Portal, await db.Licenses.Where(l => l.Id == license.Id).Select(l => l.CustomerId).SingleAsync(), role);
    }

    /// <summary>Somebody who only had the key of the license.</summary>
    public static async Task<CustomerUser> CreateByKeyAsync(SampleLicense license)
    {
        var user = await CreateAsync(license.Portal, customer: null);
        await user.AddKeyAsync(license);
        return user;
    }

    public async Task AddKeyAsync(SampleLicense license)
    {
        await using var db = Portal.Open();
        var customer = await db.Licenses.Where(l => l.Id == license.Id).Select(l => l.CustomerId).SingleAsync();
        db.Add(new KeyAccess { UserId = Id, LicenseId = license.Id, CustomerId = customer, Since = Portal.Clock.Now });
        await db.SaveChangesAsync();
    }

    /// <summary>As the edge would make the actor from a sign-in of just now.</summary>
    public async Task<CustomerActor> ActorAsync(DateTimeOffset? authenticatedAt = null)
    {
        await using var db = Portal.Open();
        var user = await db.Users.SingleAsync(u => u.Id == Id);
        return new CustomerActor(Id, user.DisplayName, user.SecurityStamp!, authenticatedAt ?? Portal.Clock.Now, "192.0.2.0/24");
    }

    public async Task<Browser> SignInAsync(string language = "de")
    {
        var browser = new Browser(Portal, language);
        await browser.GetAsync("/account/sign-in");
        return await browser.SubmitAsync(("Email", Email), ("Password", Password));
    }
}
