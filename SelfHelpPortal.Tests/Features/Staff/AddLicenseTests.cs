using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A license that an administrator adds by hand.</summary>
public sealed class AddLicenseTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_license_is_typed_mended_and_there(string language)
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        await OpenAsync(Ground.Administrator, typeof(AddLicense), typeof(ShowProducts));
        Speak(language);
        var page = Render<NewLicensePage>();
        await page.WaitForElement("#product").ChangeAsync(desk.Product);
        await page.Find("#company").ChangeAsync("Muster GmbH");
        await page.Find("#email").ChangeAsync("keine Adresse");
        await page.Find("#seats").ChangeAsync("3");
        await page.Find("#maintenance-until").ChangeAsync("31.12.2028");
        await page.Find("form").SubmitAsync();

        page.Find("#email").GetAttribute("aria-invalid").ShouldBe("true");
        page.Find("#company").GetAttribute("value").ShouldBe("Muster GmbH");
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find("#email").ChangeAsync("inhaber@muster.example");
        await page.Find("form").SubmitAsync();

        var number = Services.GetRequiredService<NavigationManager>().Uri.Split('/')[^1];
        var license = await desk.LicenseAsync(number);
        (license.Seats, license.MaintenanceUntil).ShouldBe((3, new DateOnly(2028, 12, 31)));
        await using var db = Portal.Open();
        (await db.Events.SingleAsync(e => e.Stream == license.Id)).ActorId.ShouldBe(Ground.Administrator.Id);
    }

    [Fact]
    public async Task The_same_form_is_one_license_however_often_it_is_sent()
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var typed = New(desk, "Muster GmbH", "inhaber@muster.example");
        var id = Guid.NewGuid();

        var both = await Task.WhenAll(AddAsync(id, typed), AddAsync(id, typed));

        both.ShouldAllBe(added => added.Result.Succeeded && added.Number == both[0].Number);
        (await desk.CountAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task The_same_form_with_other_content_says_which_license_it_has_made(string language)
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var (id, typed) = (Guid.NewGuid(), New(desk, "Muster GmbH", "inhaber@muster.example"));
        var number = (await AddAsync(id, typed)).Number.ShouldNotBeNull();
        typed[ImportField.Seats] = "7";

        var again = await AddAsync(id, typed);

        (again.Refused, again.Number).ShouldBe((StaffRefusal.SentBefore, null));
        again.Result.Broken.ShouldNotBeNull().ShouldHaveSingleItem().In(language).ShouldContain(number);
        (await desk.LicenseAsync(number)).Seats.ShouldBe(1);
        (await desk.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_that_was_refused_may_be_mended_and_sent_again()
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var (id, typed) = (Guid.NewGuid(), New(desk, "Muster GmbH", "keine Adresse"));
        (await AddAsync(id, typed)).Result.Broken.ShouldNotBeNull().ShouldHaveSingleItem().Id.ShouldBe(ImportField.Email);
        typed[ImportField.Email] = "inhaber@muster.example";

        (await AddAsync(id, typed)).Number.ShouldNotBeNull();

        await using var db = Portal.Open();
        (await db.Events.CountAsync(e => e.Stream == Ground.Administrator.Id && e.Kind == EventKind.Refused)).ShouldBeGreaterThan(0);
    }

    /// <summary>The shop does not wait for whoever types, so the number may be taken in the last moment.</summary>
    [Fact]
    public async Task A_number_that_is_taken_meanwhile_is_a_conflict_and_leaves_nothing()
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var typed = New(desk, "Muster GmbH", "inhaber@muster.example");
        typed[ImportField.LicenseNumber] = $"L-{desk.Tag}";
        await using var other = Portal.Open();
        await using var transaction = await other.Database.BeginTransactionAsync();
        var taker = await Portal.AddLicenseAsync();
        await other.Licenses.Where(l => l.Id == taker.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.Number, $"L-{desk.Tag}"));

        var adding = AddAsync(Guid.NewGuid(), typed);
        await Portal.UntilSomebodyWaitsAsync();
        await transaction.CommitAsync();

        (await adding).Refused.ShouldBe(StaffRefusal.Conflict);
        (await desk.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_stored_customer_the_number_is_enough_and_nothing_of_it_changes()
    {
        var desk = await new ImportDesk(Ground).OpenAsync();
        var first = New(desk, "Muster GmbH", "inhaber@muster.example");
        (first[ImportField.CustomerNumber], first[ImportField.LicenseNumber]) = ($"C-{desk.Tag}", $"L-{desk.Tag}");
        (await AddAsync(Guid.NewGuid(), first)).Number.ShouldBe($"L-{desk.Tag}");

        var second = New(desk, "", "");
        second[ImportField.CustomerNumber] = $"C-{desk.Tag}";
        var added = await AddAsync(Guid.NewGuid(), second);
        (await desk.CustomerOfAsync(added.Number.ShouldNotBeNull())).Number.ShouldBe($"C-{desk.Tag}");

        var other = New(desk, "Muster GmbH", "andere@muster.example");
        other[ImportField.CustomerNumber] = $"C-{desk.Tag}";
        (await AddAsync(Guid.NewGuid(), other)).Result.Broken.ShouldNotBeNull().Single().Id.ShouldBe(ImportField.Email);
        (await AddAsync(Guid.NewGuid(), first)).Result.Broken.ShouldNotBeNull().Single().Id.ShouldBe(ImportField.LicenseNumber);
        (await desk.CountAsync()).ShouldBe(2);
    }

    private static TypedLicense New(ImportDesk desk, string company, string email) => new()
    {
        [ImportField.Product] = desk.Product,
        [ImportField.Company] = company,
        [ImportField.Email] = email,
    };

    private async Task<AddedLicense> AddAsync(Guid id, TypedLicense typed) => await Ground.Use<AddLicense>()
        .ExecuteAsync(await Ground.Administrator.ActorAsync(), id, typed, Portal.Clock.Now, default);
}
