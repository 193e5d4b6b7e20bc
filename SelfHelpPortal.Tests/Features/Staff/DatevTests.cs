using System.Globalization;
using System.Text;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The file for DATEV as its description wants it. A program of DATEV's own to check it runs on Windows only.</summary>
public class DatevTests
{
    private static readonly Encoding Ansi = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static readonly DateTimeOffset Now = new(2027, 1, 4, 8, 30, 0, TimeSpan.Zero);

    [Fact]
    public void An_invoice_stands_against_its_account_and_a_payment_against_the_bank()
    {
        DatevEntry[] entries =
        [
            new(new Money(123456), "10000", "8400", new DateOnly(2026, 12, 1), "2026-00042", "Müller & \"Söhne\"\nGastro", null),
            new(new Money(-8330), "10000", "8336", new DateOnly(2026, 12, 31), "S2026-00001", new string('x', 80), "ATU12345675"),
            new(new Money(8330), "1200", "10000", new DateOnly(2027, 1, 2), "2026-00042", "Müller", null),
        ];

        var files = DatevBatch.Files(entries, Options(), new DateOnly(2026, 11, 15), new DateOnly(2027, 1, 3), Now).ToList();

        files.Select(f => f.Name).ShouldBe(["EXTF_Buchungsstapel_2026-12.csv", "EXTF_Buchungsstapel_2027-01.csv"]);
        var lines = Ansi.GetString(files[0].Bytes).Split("\r\n");
        lines[0].ShouldBe(
            "\"EXTF\";700;21;\"Buchungsstapel\";13;20270104083000000;;\"RE\";\"\";\"\";1001;1;20260701;4;20261201;20261231;"
                + "\"Lizenzportal\";\"\";1;0;0;\"EUR\";;\"\";;;\"\";;;\"\";\"\"");
        var columns = lines[1].Split(';');
        columns.Length.ShouldBe(125);
        (columns[0], columns[39], columns[87], columns[113], columns[124])
            .ShouldBe(("Umsatz (ohne Soll/Haben-Kz)", "EU-Land u. UStID (Bestimmung)", "Stück", "Festschreibung", "Abw. Skontokonto"));
        lines[2].ShouldStartWith(
            "1234,56;\"S\";\"EUR\";;;\"\";10000;8400;\"\";0112;\"2026-00042\";\"\";;\"Müller & \"\"Söhne\"\" Gastro\";;\"\";;;;\"\"");
        lines[3].ShouldStartWith("83,30;\"H\";\"EUR\";;;\"\";10000;8336;\"\";3112;\"S2026-00001\";\"\";;\"" + new string('x', 60) + "\";");
        lines[3].Split(';')[39].ShouldBe("\"ATU12345675\"");
        lines.Skip(2).SkipLast(1).ShouldAllBe(l => l.Count(c => c == ';') == 124);
        var january = Ansi.GetString(files[1].Bytes).Split("\r\n");
        january[0].ShouldContain(";20260701;4;20270101;20270103;");
        january[2].ShouldStartWith("83,30;\"S\";\"EUR\";;;\"\";1200;10000;");
    }

    [Theory]
    [InlineData("2026-06-30", "2025-07-01")]
    [InlineData("2026-07-01", "2026-07-01")]
    [InlineData("2027-01-31", "2026-07-01")]
    public void A_business_year_may_begin_in_any_month(string day, string begin) =>
        Options().YearOf(DateOnly.Parse(day, CultureInfo.InvariantCulture))
            .ShouldBe(DateOnly.Parse(begin, CultureInfo.InvariantCulture));

    [Fact]
    public void What_is_missing_is_said_before_the_portal_starts()
    {
        var accounts = new RevenueAccounts
        {
            Domestic = "8400",
            ReverseCharge = "8336",
            ThirdCountry = "8338",
            SmallBusiness = "8195",
        };
        Options().Validate(accounts).ShouldBeEmpty();
        new DatevOptions().Validate(new RevenueAccounts()).ShouldBeEmpty("it is not used");
        foreach (var (change, name) in new (Action<DatevOptions>, string)[]
        {
            (o => o.Consultant = 7, "Consultant"), (o => o.Client = 0, "Client"), (o => o.YearBegins = 13, "YearBegins"),
            (o => o.AccountLength = 9, "AccountLength"), (o => o.Debtors = "1000", "Debtors"), (o => o.Bank = "12oo", "Bank"),
        })
        {
            var options = Options();
            change(options);
            options.Validate(accounts).ShouldHaveSingleItem().ShouldContain($"Invoicing:Datev:{name}");
        }

        Options().Validate(new RevenueAccounts { Domestic = "8400" }).ShouldAllBe(s => s.StartsWith("Invoicing:Accounts:"));
    }

    private static DatevOptions Options() =>
        new() { Consultant = 1001, Client = 1, YearBegins = 7, AccountLength = 4, Debtors = "10000", Bank = "1200" };
}
