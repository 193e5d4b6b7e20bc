using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.E2E.Support;

/// <summary>
/// A license of Muster-POS that two tills have used for three working days: by the staged policy it is locked in the end.
/// </summary>
internal sealed class SharedLicense(RunningPortal portal, HttpClient http, string number, string email)
{
    public LicensedProgram Old { get; } = new(http, "muster-pos", "KASSE-ALT", portal.Clock);

    public LicensedProgram Next { get; } = new(http, "muster-pos", "KASSE-NEU", portal.Clock);

    public string Key { get; private set; } = "";

    public string CaseNumber { get; private set; } = "";

    /// <summary>The days lie behind; afterwards the portal's clock is the machine's again.</summary>
    /// <param name="days">On which the old till was used: 1 is told, 2 lock that till, 3 the license.</param>
    public async Task<SharedLicense> UseAsync(int days)
    {
        await LockFreelyAsync();
        Key = await portal.ImportAsync("muster-pos", number, seats: 1, email);
        MoveTo(WorkingDaysAgo(days));
        (await Old.ActivateAsync(Key)).GetProperty("code").GetString().ShouldBe("VALID");
        (await Old.ReleaseAsync()).GetProperty("code").GetString().ShouldBe("RELEASED");
        (await Next.ActivateAsync(Key)).GetProperty("code").GetString().ShouldBe("VALID");
        for (var day = 0; day < days; day++)
        {
            // Each a little later in the day, so that a whole day lies between two.
            MoveTo(WorkingDaysAgo(days - day).AddHours(1).AddMinutes(day));
            (await Old.CheckInAsync()).GetProperty("code").GetString().ShouldBe(day == 0 ? "RELEASED_STILL_USED" : "LOCKED_ILLEGAL");
        }

        portal.Clock.Offset = TimeSpan.Zero;
        await using var db = portal.Portal.Open();
        var license = await db.Licenses.Where(l => l.Number == number).Select(l => l.Id).SingleAsync();
        CaseNumber = await db.Flags.Where(f => f.LicenseId == license).Select(f => f.Number).SingleAsync();
        return this;
    }

    /// <summary>Several of these on the same days are no fault of ours, so the breaker stays out of it.</summary>
    private async Task LockFreelyAsync()
    {
        await using var db = portal.Portal.Open();
        var product = await db.Products.SingleAsync(p => p.Id == "muster-pos");
        product.ChangePolicies(product.Policies with { Flag = product.Policies.Flag with { LocksPerHour = 100 } });
        await db.SaveChangesAsync();
        portal.Portal.Services.GetRequiredService<ProductCatalog>().Forget();
    }

    private void MoveTo(DateTimeOffset at) => portal.Clock.Offset = at - TimeProvider.System.GetUtcNow();

    /// <summary>Eleven o'clock in Berlin or so, Monday to Friday, at least a day back.</summary>
    private static DateTimeOffset WorkingDaysAgo(int days)
    {
        var day = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        while (days > 0)
        {
            day = day.AddDays(-1);
            days -= day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 1;
        }

        return new DateTimeOffset(day.AddHours(10), TimeSpan.Zero);
    }
}
