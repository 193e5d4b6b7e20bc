using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>Wrong passwords lock the sign-in for a while: the page says nothing, the owner's mailbox is told until when.</summary>
public sealed class LockedOutTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();

    public LockedOutTests() => _portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;

    public Task InitializeAsync() => _portal.InitializeAsync();

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Theory]
    [InlineData("de", "nehmen wir von dort kein Passwort", "auf denen Sie noch nicht angemeldet waren")]
    [InlineData("en", "no password is accepted for it from there", "on devices where you have not signed in before")]
    public async Task The_owner_reads_the_true_end_of_each_lock_once(string language, string here, string everywhere)
    {
        var user = await CustomerUser.CreateAsync(_portal, customer: null);
        await using (var db = _portal.Open())
        {
            await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.Culture, language));
        }

        var began = _portal.Clock.Now;
        using var first = new Browser(_portal);
        var neutral = await TryAsync(first, user.Email, 4);
        (await MailsAsync(user)).ShouldBeEmpty("nothing is locked yet");
        _portal.Clock.Advance(TimeSpan.FromMinutes(2));

        (await TryAsync(first, user.Email, 3)).ShouldBe(neutral, "the page is the same before and after");

        // The window began with the first wrong password, not with the one that closed it.
        var mail = (await MailsAsync(user)).ShouldHaveSingleItem();
        mail.Text.ShouldContain(here);
        mail.Text.ShouldContain(Time(began.AddMinutes(15), language));

        // From other places, until the account is closed to all strangers.
        using var second = new Browser(_portal);
        (await TryAsync(second, user.Email, 5)).ShouldBe(neutral);
        using var third = new Browser(_portal);
        (await TryAsync(third, user.Email, 5)).ShouldBe(neutral);
        var all = await MailsAsync(user);
        all.Count.ShouldBeInRange(2, 3, "limited like other mails");
        var told = all.Where(m => m.Text.Contains(everywhere, StringComparison.Ordinal)).ToList().ShouldHaveSingleItem();
        told.Text.ShouldContain(Time(began.AddMinutes(60), language));
    }

    [Fact]
    public async Task Of_an_address_without_an_account_nobody_hears_and_nothing_stays()
    {
        var (nobody, somebody) = ($"{Guid.NewGuid():n}@muster.example", await CustomerUser.CreateAsync(_portal, customer: null));
        using var one = new Browser(_portal);
        using var other = new Browser(_portal);

        (await TryAsync(one, nobody, 6)).ShouldBe(await TryAsync(other, somebody.Email, 6), "an account and none look alike");

        (await _portal.MailsToAsync(nobody)).ShouldBeEmpty();
        await using var db = _portal.Open();
        (await db.Set<MailRequest>().AnyAsync(m => m.Address == nobody)).ShouldBeFalse();
    }

    private static async Task<string> TryAsync(Browser browser, string email, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await browser.GetAsync("/account/sign-in");
            await browser.SubmitAsync(("Email", email), ("Password", "falsch und falscher"));
        }

        return $"{(int)browser.Status} {browser.Words.Replace(email, "", StringComparison.Ordinal)}";
    }

    private async Task<List<ReadMail>> MailsAsync(CustomerUser user) =>
        [.. (await _portal.MailsToAsync(user.Email)).Where(m => m.Kind == "sign-in-locked")];

    private static string Time(DateTimeOffset at, string language) =>
        TimeZoneInfo.ConvertTime(at, SampleInvoices.Zone).ToString(
            language == "de" ? "dd.MM.yyyy, HH:mm" : "d MMM yyyy, HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
