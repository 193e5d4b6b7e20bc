using System.Collections;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Vendor;

/// <summary>The vendor's settings are enough for invoices, or it is said why they are not.</summary>
public class InvoicingTests
{
    [Fact]
    public void The_demo_issues_invoices_at_once_in_development_only()
    {
        var demo = Judge(_ => { });

        demo.Complaints.ShouldBeEmpty();
        demo.Seller.ShouldNotBeNull()
            .ShouldBe(demo.Seller with
            {
                Street = "Musterstraße 1",
                PostalCode = "12345",
                City = "Musterstadt",
                Iban = "DE89370400440532013000",
                ContactPhone = "+49 30 0000000",
                ContactMail = "billing@muster-software.example"
            });

        var operated = Judge(_ => { }, Environments.Production);

        operated.Seller.ShouldBeNull();
        operated.Complaints.ShouldHaveSingleItem().In(CultureInfo.GetCultureInfo("de")).ShouldContain("Vendor:Iban");
    }

    [Fact]
    public void An_operator_with_settings_of_his_own_issues_invoices()
    {
        var vendor = Judge(Own, Environments.Production);

        vendor.Complaints.ShouldBeEmpty();
        vendor.Seller.ShouldBe(new InvoiceSeller
        {
            Name = "Beispiel GmbH",
            Register = "HRB 1",
            VatId = "DE136695976",
            TaxNumber = "29/123/45678",
            Street = "Haus B, Beispielweg 2",
            PostalCode = "10115",
            City = "Berlin",
            Country = "DE",
            BillingMail = "rechnung@example.org",
            ContactName = "Lizenz-Team",
            ContactPhone = "+49 30 0000000",
            ContactMail = "rechnung@example.org",
            Iban = "DE02120300000000202051",
        });
    }

    public static TheoryData<string, string, string> Faults() => new()
    {
        { "Country", "AT", "Germany" },
        { "VatId", "DE136695975", "DE136695975" },
        { "VatId", "ATU12345678", "ATU12345678" },
        { "TaxNumber", " ", "TaxNumber" },
        { "Address", "10115", "Musterstadt" },
        { "BillingMail", "nobody", "BillingMail" },
        { "ContactMail", "nobody", "ContactMail" },
        { "ContactName", "", "ContactName" },
        { "ContactPhone", "49", "three digits" },
        { "Iban", "DE02120300000000202052", "DE02120300000000202052" },
        { "Bic", "BERLIN", "BERLIN" },
        { "PaymentDays", "91", "90" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_is_said_in_a_sentence_of_its_own(string key, string value, string says)
    {
        var judged = Judge(vendor =>
        {
            Own(vendor);
            var property = typeof(VendorOptions).GetProperty(key)!;
            if (property.GetValue(vendor) is IList<string> lines)
            {
                lines[^1] = value;
            }
            else
            {
                property.SetValue(vendor, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
            }
        });

        judged.Seller.ShouldBeNull();
        var complaint = judged.Complaints.Where(c => c.In(CultureInfo.GetCultureInfo("en")).Contains(says, StringComparison.Ordinal))
            .ShouldHaveSingleItem();
        complaint.In(CultureInfo.GetCultureInfo("de")).ShouldNotBe(complaint.In(CultureInfo.GetCultureInfo("en")));
    }

    [Fact]
    public void One_number_of_the_seller_is_enough_and_none_is_not()
    {
        void Without(VendorOptions vendor, string? sellerId)
        {
            Own(vendor);
            (vendor.VatId, vendor.Register, vendor.SellerId) = ("", "", sellerId);
        }

        Judge(vendor => Without(vendor, "")).Complaints.ShouldHaveSingleItem().Word.ShouldBe("Number");
        Judge(vendor => Without(vendor, "4711")).Seller.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(s => s.SellerId.ShouldBe("4711"), s => s.VatId.ShouldBeNull(), s => s.Register.ShouldBeNull());
    }

    [Fact]
    public void Other_parts_may_object() =>
        Judge(Own, conditions: _ => [new("Iban", "x")]).Seller.ShouldBeNull();

    [Fact]
    public async Task The_portal_starts_without_and_says_so()
    {
        var logged = new ReleasePortal();
        await using var portal = logged.Portal;
        portal.Configuration["Vendor:Iban"] = "DE00";
        portal.Configuration["Tax:EuConsumers"] = "DomesticVat";
        await portal.InitializeAsync();

        var invoicing = portal.Services.GetRequiredService<VendorInvoicing>();

        invoicing.Complaints.ShouldHaveSingleItem().Word.ShouldBe("Iban");
        invoicing.EuConsumers.ShouldBe(EuConsumers.DomesticVat);
        logged.Log.ShouldContain(line => line.StartsWith("No invoices are issued: Vendor:Iban is 'DE00'", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_complaint_is_a_sentence_in_both_languages()
    {
        var english = InvoicingWords.Texts.GetResourceSet(CultureInfo.InvariantCulture, true, false)!.Cast<DictionaryEntry>().ToList();

        english.ShouldNotBeEmpty();
        english.ShouldAllBe(text => ((string)text.Value!).EndsWith('.'));
    }

    private static void Own(VendorOptions vendor)
    {
        (vendor.Name, vendor.VatId, vendor.Register, vendor.TaxNumber) = ("Beispiel GmbH", "DE 136 695 976", "HRB 1", "29/123/45678");
        (vendor.BillingMail, vendor.Iban) = ("rechnung@example.org", "DE02 1203 0000 0000 2020 51");
        vendor.Address.Clear();
        foreach (var line in new[] { "Haus B", "Beispielweg 2", "10115 Berlin" })
        {
            vendor.Address.Add(line);
        }
    }

    internal static VendorInvoicing Judge(
        Action<VendorOptions> change, string environment = "Development", params InvoicingCondition[] conditions)
    {
        var vendor = new VendorOptions();
        change(vendor);
        return new VendorInvoicing(Options.Create(vendor), Options.Create(new TaxOptions()), new Host(environment), conditions);
    }

    private sealed class Host(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
