using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The pages of customers as a clerk's circuit draws them, on the real use cases and database.</summary>
public sealed class CustomerPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    private DateTimeOffset Now => Portal.Clock.Now;

    [Theory]
    [InlineData("de", "Alle Kunden, neueste zuerst")]
    [InlineData("en", "All customers, newest first")]
    public async Task The_list_names_customers_and_leads_to_each(string language, string caption)
    {
        var number = await NumberAsync(await (await Portal.AddLicenseAsync()).OfAsync("liste@muster.example", "Muster Liste GmbH"));
        Speak(language);
        await OpenAsync(user: null);

        var page = Render<CustomersPage>();
        page.WaitForElement("[data-outcome=customers]");

        page.Find("caption").TextContent.ShouldBe(caption);
        var row = page.FindAll("tbody tr").Single(r => r.TextContent.Contains(number, StringComparison.Ordinal));
        row.TextContent.ShouldContain("liste@muster.example");
        row.QuerySelector("th a")!.GetAttribute("href").ShouldBe($"/staff/customers/{number}");
        await page.Find("#customer-search").ChangeAsync("Muster Liste & Co");
        await page.Find("form.search").SubmitAsync();
        Navigation.Uri.ShouldEndWith("/staff/customers?q=Muster%20Liste%20%26%20Co");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Theory]
    [InlineData("de", "Kunde angelegt", "alles (Inhaber)")]
    [InlineData("en", "Customer created", "everything (owner)")]
    public async Task A_customer_is_shown_with_everything_that_belongs_to_it(string language, string created, string role)
    {
        var settled = await Portal.AddTransferAsync();
        (await Ground.Use<SettleTransfer>().ExecuteAsync(await Ground.ActAsync(), settled.Id, Now, default)).ShouldBe(StaffResult.Done);
        var id = (await settled.Licenses[0].ReadAsync()).CustomerId;
        var owner = await CustomerUser.CreateAsync(settled.Licenses[0]);
        await using (var db = Portal.Open())
        {
            await EventLog.AppendAsync(db, id, EventKind.CustomerCreated, new EventData(), Actor.Operator, null, Now, default);
            await db.SaveChangesAsync();
        }

        var number = await NumberAsync(id);
        Speak(language);
        await OpenAsync(user: null);

        var page = Render<CustomerPage>(p => p.Add(x => x.Number, number));
        page.WaitForElement("[data-outcome=customer]");

        page.Find("h1").TextContent.ShouldContain(number);
        page.Markup.ShouldContain(SampleTransfer.Orderer);
        page.Find($"a[href='/staff/licenses/{settled.Licenses[0].Number}']").ShouldNotBeNull();
        page.FindAll("a[href^='/staff/invoices/']").Count.ShouldBe(1);
        var person = page.FindAll("tbody tr").Single(r => r.TextContent.Contains(owner.Email, StringComparison.Ordinal));
        person.TextContent.ShouldContain(role);
        page.Find(".timeline").TextContent.ShouldContain(created);
        page.FindAll($"a[href='/staff/customers/{number}/merge']").Count.ShouldBe(0, "a clerk does not merge");
        ShouldHoldNoRawKey(page.Nodes);
        await using var log = Portal.Open();
        (await log.AuditEntries.CountAsync(e => e.Kind == AuditKind.CustomerOpened && e.Subject == number)).ShouldBe(1);
    }

    [Fact]
    public async Task A_customer_that_does_not_exist_is_said()
    {
        Speak("de");
        await OpenAsync(user: null);

        Render<CustomerPage>(p => p.Add(x => x.Number, "C-1")).WaitForElement("[data-outcome=notfound]");
    }

    [Theory]
    [InlineData("de", "Geben Sie die Firma")]
    [InlineData("en", "Enter the company")]
    public async Task A_new_customer_is_entered_once_its_form_is_right(string language, string problem)
    {
        Speak(language);
        await OpenAsync(user: null);
        var page = Render<NewCustomerPage>();

        await page.Find("form").SubmitAsync();
        page.WaitForElement("[role=alert]").TextContent.ShouldContain(problem);
        page.Find("#company").GetAttribute("aria-invalid").ShouldBe("true");
        page.Find("#email").GetAttribute("aria-describedby").ShouldBe("email-hint email-error");
        await page.Find("#company").ChangeAsync($"Muster Formular {language} GmbH");
        await page.Find("#email").ChangeAsync("formular@muster.example");
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Navigation.Uri.ShouldContain("/staff/customers/C-"));
        await using var db = Portal.Open();
        (await db.Customers.SingleAsync(c => c.Company == $"Muster Formular {language} GmbH")).Language.ShouldBe("de");
    }

    [Theory]
    [InlineData("de", "Inzwischen geändert von", "von „–“ in „Andernorts“")]
    [InlineData("en", "Changed in the meantime by", "from \"–\" to \"Andernorts\"")]
    public async Task Whoever_saves_second_is_told_who_changed_what_and_keeps_what_was_typed(string language, string told, string what)
    {
        var id = (await (await Portal.AddLicenseAsync()).ReadAsync()).CustomerId;
        var number = await NumberAsync(id);
        Speak(language);
        await OpenAsync(user: null);
        var page = Render<EditCustomerPage>(p => p.Add(x => x.Number, number));
        page.WaitForElement("#company");
        await page.Find("#company").ChangeAsync("Muster Getippt GmbH");
        await ByColleagueAsync(id, "Andernorts");

        await page.Find("form").SubmitAsync();

        var alert = page.WaitForElement("[data-outcome=customerchanged]");
        alert.TextContent.ShouldContain(told);
        alert.TextContent.ShouldContain((await Ground.Administrator.ActorAsync()).Name);
        alert.TextContent.ShouldContain(what);
        page.Find("#company").GetAttribute("value").ShouldBe("Muster Getippt GmbH");
        page.Find("#city").GetAttribute("value").ShouldBe("Andernorts");
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Navigation.Uri.ShouldEndWith($"/staff/customers/{number}?done=edited"));
        await using var db = Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Id == id);
        (customer.Company, customer.City).ShouldBe(("Muster Getippt GmbH", "Andernorts"));
    }

    [Fact]
    public async Task An_address_is_changed_in_a_dialog_that_comes_back_after_the_factor_with_what_was_typed()
    {
        var id = (await (await Portal.AddLicenseAsync()).ReadAsync()).CustomerId;
        var number = await NumberAsync(id);
        Speak("de");
        await OpenAsync(user: null);
        var session = Services.GetRequiredService<StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Now - FreshSignIn.Lifetime };
        Navigation.NavigateTo($"/staff/customers/{number}");
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<CustomerPage>(p => p.Add(x => x.Number, number));
        page.WaitForElement("[data-outcome=customer]");

        var asking = page.FindAll("button").Single(b => b.TextContent.Trim() == "Adresse ändern").ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        await dialogs.Find("#new-mail").ChangeAsync("neu@muster.example");
        await dialogs.Find("#mail-reason").ChangeAsync("Anruf des Inhabers");
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;
        var back = Uri.UnescapeDataString(new Uri(Navigation.Uri).Query["?return=".Length..]);
        new Uri(Navigation.Uri).AbsolutePath.ShouldBe(FreshSignIn.Path);
        back.ShouldNotContain("muster.example");

        session.Actor = await Ground.Clerk.ActorAsync();
        Navigation.NavigateTo(back);
        dialogs.WaitForElement("#new-mail").GetAttribute("value").ShouldBe("neu@muster.example");
        dialogs.Find("#mail-reason").GetAttribute("value").ShouldBe("Anruf des Inhabers");
        await dialogs.Find(".act-form").SubmitAsync();

        page.WaitForElement("[role=status][data-outcome=mail-changed]");
        await using var db = Portal.Open();
        (await db.Customers.SingleAsync(c => c.Id == id)).Email.ShouldBe("neu@muster.example");
    }

    [Theory]
    [InlineData("de", "zusammengeführt")]
    [InlineData("en", "was merged into")]
    public async Task Two_customers_are_merged_from_the_preview_and_the_former_number_leads_on(string language, string merged)
    {
        var license = await Portal.AddLicenseAsync();
        var source = await license.OfAsync("alt@muster-doppelt.example", $"Muster Doppelt {language}");
        var target = await (await Portal.AddLicenseAsync()).OfAsync("neu@muster-doppelt.example", $"Muster Doppelt {language}");
        var person = await CustomerUser.CreateAsync(license);
        var (from, into) = (await NumberAsync(source), await NumberAsync(target));
        Speak(language);
        await OpenAsync(Ground.Administrator);
        var choice = Render<MergeChoicePage>(p => p.Add(x => x.Number, from));
        choice.WaitForElement($"a[href='/staff/customers/{from}/merge/{into}']");
        ShouldHoldNoRawKey(choice.Nodes);
        await choice.Find("#merge-into").ChangeAsync("C-1");
        await choice.Find("form.search").SubmitAsync();
        choice.WaitForElement("#merge-into-error");
        await choice.Find("#merge-into").ChangeAsync(into.ToLowerInvariant());
        await choice.Find("form.search").SubmitAsync();
        choice.WaitForAssertion(() => Navigation.Uri.ShouldEndWith($"/staff/customers/{from}/merge/{into}"));

        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<MergePage>(p => p.Add(x => x.Number, from).Add(x => x.Into, into));
        page.WaitForElement("[data-outcome=merge]");
        page.Markup.ShouldContain(license.Number);
        page.Markup.ShouldContain("alt@muster-doppelt.example");
        ShouldHoldNoRawKey(page.Nodes);
        var access = page.Find($"#access-{person.Id:n}");
        access.QuerySelector("option[selected]")!.GetAttribute("value").ShouldBe(nameof(MergedAccess.OwnLicenses));
        await access.ChangeAsync(nameof(MergedAccess.Owner));
        var asking = page.Find(".button-danger").ClickAsync(new());
        dialogs.WaitForElement("#act-reason");
        await dialogs.Find("#act-reason").InputAsync("Doppelt importiert");
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;

        Navigation.Uri.ShouldEndWith($"/staff/customers/{from}");
        var left = Render<CustomerPage>(p => p.Add(x => x.Number, from));
        left.WaitForElement("[data-outcome=customer]");
        left.Find("h1").TextContent.ShouldContain(into);
        left.Find(".notice").TextContent.ShouldContain(merged);
        await using var db = Portal.Open();
        (await db.CustomerMembers.SingleAsync(m => m.CustomerId == target && m.UserId == person.Id)).Role.ShouldBe(CustomerRole.Owner);
    }

    private Task OpenAsync(StaffUser? user) => OpenAsync(
        user, typeof(SearchCustomers), typeof(ShowCustomer), typeof(AddCustomer), typeof(EditCustomer), typeof(ChangeCustomerMail),
        typeof(ShowMerge), typeof(MergeCustomers));

    private async Task<string> NumberAsync(Guid customer)
    {
        await using var db = Portal.Open();
        return await db.Customers.Where(c => c.Id == customer).Select(c => c.Number).SingleAsync();
    }

    private async Task ByColleagueAsync(Guid customer, string city)
    {
        await using var db = Portal.Open();
        var shown = CustomerDetails.From(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer));
        var typed = CustomerInput.From(shown);
        typed[CustomerField.City] = city;
        (await Ground.Use<EditCustomer>().ExecuteAsync(
            await Ground.Administrator.ActorAsync(), Guid.NewGuid(), customer, shown, typed, Now, default)).ShouldBe(StaffResult.Done);
    }
}
