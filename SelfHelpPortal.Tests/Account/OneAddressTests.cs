using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>One e-mail address is one person, however it is spelled.</summary>
public class OneAddressTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Address = "kasse+süd@müller-gastro.example";

    /// <summary>Ways to write one and the same address, made from it.</summary>
    private static readonly (string Name, Func<string, string> Write)[] Spellings =
    [
        ("as it is", a => a),
        ("capitals", a => a.ToUpperInvariant()),
        ("title case", a => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(a)),
        ("blanks around", a => $"  {a}\t"),
        ("no-break spaces around", a => $"\u00A0{a}\u2003"),
        ("zero width space behind", a => a + "\u200B"),
        ("byte order mark before", a => "\uFEFF" + a),
        ("soft hyphen inside", a => a.Insert(3, "\u00AD")),
        ("decomposed", a => a.Normalize(NormalizationForm.FormD)),
        ("composed", a => a.Normalize(NormalizationForm.FormC)),
        ("full width", a => string.Concat(a.Select(c => c is > ' ' and < '\u007F' ? (char)(c - '!' + '\uFF01') : c))),
        ("punycode", Puny),
        ("punycode in capitals", a => Puny(a).ToUpperInvariant()),
        ("ideographic dot", a => a[..a.LastIndexOf('.')] + "\u3002" + a[(a.LastIndexOf('.') + 1)..]),
    ];

    public static TheoryData<string> Names => [.. Spellings.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_spelling_finds_the_account_and_none_makes_a_second_one(string name)
    {
        // What stands before the @ is ASCII.
        var mailbox = Address.Replace("+süd", $"-{Guid.NewGuid():n}"[..9], StringComparison.Ordinal);
        var spelled = Spellings.Single(s => s.Name == name).Write(mailbox);
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = User(MailAddresses.Normalize(mailbox).ShouldNotBeNull());
        (await users.CreateAsync(user, CustomerUser.Password)).Errors.ShouldBeEmpty();

        MailAddresses.Normalize(spelled).ShouldNotBeNull().ShouldBe(user.Email!, StringCompareShould.IgnoreCase);
        (await users.FindByEmailAsync(spelled)).ShouldNotBeNull().Id.ShouldBe(user.Id);
        await using (var db = portal.Open())
        {
            (await db.FindUserAsync(spelled, default)).ShouldNotBeNull().Id.ShouldBe(user.Id);
        }

        (await users.CreateAsync(User(MailAddresses.Normalize(spelled)!), CustomerUser.Password)).Errors.Select(e => e.Code)
            .ShouldBe(["DuplicateUserName", "DuplicateEmail"], ignoreOrder: true);
        using var browser = new Browser(portal);
        await browser.GetAsync("/account/sign-in");
        await browser.SubmitAsync(("Email", spelled), ("Password", CustomerUser.Password));
        browser.Path.ShouldBe("/my", customMessage: browser.Words);
    }

    /// <summary>Whatever a program forgets, the table does not take a second spelling of an address.</summary>
    [Theory]
    [InlineData("Kasse@MUSTER.example", "KASSE@MUSTER.EXAMPLE")]
    [InlineData(" kasse@muster.example", " KASSE@MUSTER.EXAMPLE")]
    [InlineData("kasse@müller.example", "KASSE@MÜLLER.EXAMPLE")]
    [InlineData("kasse@muster.example", "kasse@muster.example")]
    [InlineData("kasse@muster.example", "KASSE2@MUSTER.EXAMPLE")]
    [InlineData("kasse", "KASSE")]
    public async Task The_database_refuses_what_is_not_in_the_one_form(string email, string normalized)
    {
        await using var db = portal.Open();
        var user = User(email);
        (user.NormalizedEmail, user.NormalizedUserName) = (normalized, normalized);
        db.Add(user);

        var refused = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());

        refused.InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe("ck_asp_net_users_one_spelling");
    }

    [Theory]
    [InlineData("kasse@muster.example", "KASSE@muster.example")]
    [InlineData("kasse@müller.example", "kasse@xn--mller-kva.example")]
    [InlineData("a.b@muster.example", " a.b@MUSTER.example ")]
    public void Two_spellings_are_one_name_and_two_addresses_are_not(string one, string other)
    {
        AccountLookUp.Normalize(one).ShouldBe(AccountLookUp.Normalize(other));
        AccountLookUp.Normalize("x" + one.Trim()).ShouldNotBe(AccountLookUp.Normalize(other));
        AccountLookUp.Normalize(StaffRoles.All[0]).ShouldBe(StaffRoles.All[0].ToUpperInvariant(), "names of roles stay what they are");
    }

    private static string Puny(string address)
    {
        var at = address.LastIndexOf('@');
        return address[..(at + 1)] + new IdnMapping().GetAscii(address[(at + 1)..]);
    }

    private PortalUser User(string email) => new()
    {
        Id = Guid.CreateVersion7(),
        UserName = email,
        Email = email,
        EmailConfirmed = true,
        DisplayName = "Kasse",
        CreatedAt = portal.Clock.Now,
    };
}
